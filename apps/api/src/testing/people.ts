import { hashPassword } from "../auth/password.js";
import { ADMIN, type Answered, freshKey, type TestApi } from "./test-api.js";

/** What a person sends who is signed in to the console. */
export type Say = (cookie: string, target: string, body?: object, origin?: string) => Promise<Answered>;

/** Two people at the console, `admin` and `second`, each by the cookie of a session. */
export async function twoPeople(api: TestApi): Promise<{ readonly ann: string; readonly ben: string; say: Say }> {
  const second = { name: "second", password: "another horse battery" };
  const passwordHash = await hashPassword(second.password);
  await api.store.ensureAdminUser({ id: "admin.second", name: second.name, passwordHash, role: "admin" }, api.now());
  const signIn = async (credentials: object): Promise<string> => {
    const answered = await api.ask({
      method: "POST",
      target: "/v1/admin/session",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(credentials),
    });
    return String(answered.headers["set-cookie"]).split(";")[0] ?? "";
  };
  return {
    ann: await signIn(ADMIN),
    ben: await signIn(second),
    say: (cookie, target, body = {}, origin = "http://console.test") =>
      api.ask({
        method: "POST",
        target,
        headers: { cookie, origin, "content-type": "application/json", "idempotency-key": freshKey("say") },
        body: JSON.stringify(body),
      }),
  };
}
