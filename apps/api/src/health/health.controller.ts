import { openapiDocument, type ReadyBody, ROUTES } from "@ballast/api-contract";
import { Controller, Inject, Res } from "@nestjs/common";
import type { FastifyReply } from "fastify";
import { Endpoint } from "../http/endpoint.js";
import { API_VERSION } from "../house/tokens.js";
import { HealthService } from "./health.service.js";

@Controller()
export class HealthController {
  private readonly document = openapiDocument(API_VERSION);

  constructor(@Inject(HealthService) private readonly health: HealthService) {}

  @Endpoint(ROUTES.live)
  live(): { status: "live" } {
    return { status: "live" };
  }

  @Endpoint(ROUTES.ready)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyBody> {
    const ready = await this.health.ready();
    if (ready.status !== "ready") reply.code(503);
    return ready;
  }

  @Endpoint(ROUTES.openapi)
  openapi(): object {
    return this.document;
  }
}
