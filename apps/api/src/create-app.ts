import { openapiDocument } from "@ballast/api-contract";
import { type LoggerService } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { type OpenAPIObject, SwaggerModule } from "@nestjs/swagger";
import { AppModule } from "./app.module.js";
import type { Events } from "./events.js";
import type { Furniture } from "./house/house.module.js";
import { API_VERSION } from "./house/tokens.js";
import { createServer, DOCS_PATH } from "./http/server.js";

/** Returns the application, ready to listen or to be injected into. */
export async function createApp(furniture: Furniture): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(furniture), await createServer(), {
    bodyParser: false,
    logger: frameworkLogger(furniture.events),
    abortOnError: false,
  });
  const document = openapiDocument(API_VERSION) as unknown as OpenAPIObject;
  SwaggerModule.setup(DOCS_PATH, app, document, { raw: false, customSiteTitle: "Ballast API" });
  return app;
}

/** What the framework has to say goes where everything else goes; its chatter at start goes nowhere. */
function frameworkLogger(events: Events): LoggerService {
  const silent = () => undefined;
  return {
    log: silent,
    debug: silent,
    verbose: silent,
    warn: (message: unknown) => events.framework("warn", String(message)),
    error: (message: unknown) => events.framework("error", String(message)),
  };
}
