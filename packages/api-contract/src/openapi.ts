import { z } from "zod";
import { HTTP_STATUS, problem } from "./errors.js";
import { ROUTE_LIST, type Route } from "./routes.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Returns the OpenAPI 3.1 document of the API: a pure function of the table of routes. */
export function openapiDocument(version: string): JsonObject {
  const components: JsonObject = {};
  const paths: { [path: string]: JsonObject } = {};
  for (const route of ROUTE_LIST) {
    const path = route.path.replaceAll(/:([a-zA-Z]+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, route.name, components) };
  }
  reference(problem, components);
  return {
    openapi: "3.1.0",
    info: {
      title: "Ballast",
      version,
      description:
        "Margin and liquidation for a derivatives exchange. Amounts are decimal text; errors are application/problem+json with a stable code.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        signature: {
          type: "apiKey",
          in: "header",
          name: "Ballast-Signature",
          description:
            "`v1=` and the hex HMAC-SHA-256 of `v1\\nTIMESTAMP\\nNONCE\\nMETHOD\\nPATH?QUERY\\nSHA256HEX(BODY)\\n`, beside Ballast-Key, Ballast-Timestamp (ms) and Ballast-Nonce.",
        },
        session: { type: "apiKey", in: "cookie", name: "ballast_session" },
      },
    },
  };
}

function operation(route: Route, name: string, components: JsonObject): JsonObject {
  const described: JsonObject = {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    security: security(route),
    parameters: [
      ...parameters("path", route.params, components),
      ...parameters("query", route.query, components),
      ...(route.idempotent ? [idempotencyKey()] : []),
    ],
    responses: {
      [String(route.status)]: {
        description: "Yes.",
        content: { "application/json": { schema: reference(route.answer, components) } },
      },
      default: {
        description: `No, with a code: ${Object.keys(HTTP_STATUS).length} of them, see Problem.`,
        content: { "application/problem+json": { schema: reference(problem, components) } },
      },
    },
  };
  if (route.body !== undefined) {
    described["requestBody"] = {
      required: true,
      content: { "application/json": { schema: reference(route.body, components) } },
    };
  }
  return described;
}

function security(route: Route): Json[] {
  if (route.access.anyone) return [];
  const signed: JsonObject = { signature: [...route.access.scopes] };
  return [...(route.access.scopes.length > 0 ? [signed] : []), ...(route.access.session ? [{ session: [] }] : [])];
}

function parameters(where: "path" | "query", schema: z.ZodObject | undefined, components: JsonObject): Json[] {
  if (schema === undefined) return [];
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: where,
    required: where === "path",
    schema: reference(withoutOptional(field as z.ZodType), components),
  }));
}

function withoutOptional(field: z.ZodType): z.ZodType {
  return field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : field;
}

function idempotencyKey(): JsonObject {
  return {
    name: "Idempotency-Key",
    in: "header",
    required: true,
    description: "Chosen by the caller before the first attempt; the same key and body answer the same, once done.",
    schema: { type: "string", minLength: 1, maxLength: 128 },
  };
}

/** A schema with an id becomes a component and a `$ref`; one without is written in place. */
function reference(schema: z.ZodType, components: JsonObject): JsonObject {
  const { $schema, $defs, ...body } = z.toJSONSchema(schema, { target: "draft-2020-12" }) as JsonObject;
  for (const [id, definition] of Object.entries(($defs ?? {}) as JsonObject)) {
    components[id] ??= relocate(withoutId(definition as JsonObject));
  }
  const id = schema.meta()?.id;
  if (id === undefined) return relocate(body);
  components[id] ??= relocate(withoutId(body));
  return { $ref: `#/components/schemas/${id}` };
}

function withoutId({ id: _id, ...definition }: JsonObject): JsonObject {
  return definition;
}

/** Rewrites references into `$defs` to references into the document's components. */
function relocate(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonObject;
}
