import type { AccountId } from "@ballast/model";
import { isOfTheWorld } from "../of-the-world.js";
import type { FoundOut } from "./found-out.js";

/*
 * Whatever a liquidation trades is posted to the account, to the maker on the other side and to the insurance fund, so
 * bookings of different cases wait for each other's row locks however many workers there are. What comes while a booking
 * is under way therefore gathers here and is booked together: one wait for the locks, and the cost of one booking.
 *
 * Nothing that makes a booking happen once is in here. A bundle that is refused has changed nothing, and each of it is then
 * booked by itself: so what is wrong with one step meets that step alone.
 */

/** Books what was found out about steps of different accounts and of one snapshot, all or nothing. */
export type Book = (found: readonly [FoundOut, ...FoundOut[]]) => Promise<void>;

/** Steps in one bundle; more would keep the fund and the makers locked for longer than they save. */
export const BUNDLE_MAX = 32;

interface Waiting {
  readonly found: FoundOut;
  readonly booked: () => void;
  readonly failed: (cause: unknown) => void;
}

/** The desk of one process. @method CASE-15 */
export class BookingDesk {
  private waiting: Waiting[] = [];
  private isBooking = false;

  constructor(private readonly bookTogether: Book) {}

  /** Answers when it is booked. @throws what booking it by itself throws, or a fault of the world. */
  book(found: FoundOut): Promise<void> {
    return new Promise((booked, failed) => {
      this.waiting.push({ found, booked, failed });
      if (!this.isBooking) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.isBooking = true;
    for (let bundle = this.take(); bundle !== null; bundle = this.take()) await this.bookBundle(bundle);
    this.isBooking = false;
  }

  /** Those that came first, of the snapshot of the very first, one an account; null when nobody waits. */
  private take(): readonly [Waiting, ...Waiting[]] | null {
    const [first, ...others] = this.waiting;
    if (first === undefined) return null;
    const accounts = new Set<AccountId>([accountOf(first)]);
    const bundle: [Waiting, ...Waiting[]] = [first];
    const left: Waiting[] = [];
    for (const one of others) {
      const fits = bundle.length < BUNDLE_MAX && sequenceOf(one) === sequenceOf(first) && !accounts.has(accountOf(one));
      (fits ? bundle : left).push(one);
      if (fits) accounts.add(accountOf(one));
    }
    this.waiting = left;
    return bundle;
  }

  private async bookBundle(bundle: readonly [Waiting, ...Waiting[]]): Promise<void> {
    try {
      const [first, ...others] = bundle;
      await this.bookTogether([first.found, ...others.map(({ found }) => found)]);
      for (const { booked } of bundle) booked();
    } catch (cause) {
      if (bundle.length === 1 || isOfTheWorld(cause)) for (const { failed } of bundle) failed(cause);
      else for (const one of bundle) await this.bookBundle([one]);
    }
  }
}

const accountOf = ({ found }: Waiting): AccountId => found.claim.step.account;
const sequenceOf = ({ found }: Waiting): number => found.snapshot.sequence;
