import {
  accountParams,
  type DepositsAnswer,
  depositsRequest,
  type DepositsRequest,
  type MovementAnswer,
  movementRequest,
  type MovementRequest,
  ROUTES,
  type TransferAnswer,
  transferRequest,
  type TransferRequest,
} from "@ballast/api-contract";
import { accountId } from "@ballast/model";
import { Body, Controller, Inject, Param, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerOf, Commands } from "../http/commands.js";
import { Endpoint } from "../http/endpoint.js";
import { CollateralService } from "./collateral.service.js";

@Controller()
export class CollateralController {
  constructor(
    @Inject(Commands) private readonly commands: Commands,
    @Inject(CollateralService) private readonly collateral: CollateralService,
  ) {}

  @Endpoint(ROUTES.deposit)
  async deposit(
    @Param({ schema: accountParams }) { account }: { account: string },
    @Body({ schema: movementRequest }) body: MovementRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MovementAnswer> {
    const command = this.commands.from(request, "deposit");
    return answerOf(reply, await this.collateral.deposit(command, accountId(account), body));
  }

  @Endpoint(ROUTES.deposits)
  async depositMany(
    @Body({ schema: depositsRequest }) body: DepositsRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DepositsAnswer> {
    return answerOf(reply, await this.collateral.depositMany(this.commands.from(request, "deposits"), body));
  }

  @Endpoint(ROUTES.withdraw)
  async withdraw(
    @Param({ schema: accountParams }) { account }: { account: string },
    @Body({ schema: movementRequest }) body: MovementRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MovementAnswer> {
    const command = this.commands.from(request, "withdraw");
    return answerOf(reply, await this.collateral.withdraw(command, accountId(account), body));
  }

  @Endpoint(ROUTES.transfer)
  async transfer(
    @Body({ schema: transferRequest }) body: TransferRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransferAnswer> {
    return answerOf(reply, await this.collateral.transfer(this.commands.from(request, "transfer"), body));
  }
}
