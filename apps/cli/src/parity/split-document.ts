import type { Json, JsonObject, ParityCase, Tolerance } from "./parity-case.js";
import { toleranceOf } from "./tolerance.js";

/** A file that has none of the known forms. */
export class UnknownForm extends Error {
  override readonly name = "UnknownForm";
  readonly code = "PARITY_FORM_UNKNOWN";
}

/**
 * The cases of a vector file, in the order of the file.
 *
 * @throws UnknownForm when the document has none of the known forms.
 */
export function splitDocument(document: Json): readonly ParityCase[] {
  if (isList(document)) return document.flatMap((raw) => modelCase(raw, {}, document));
  if (!isObject(document)) throw new UnknownForm("expected a list of cases or an object; found neither");
  if (isList(document["vectors"])) return document["vectors"].flatMap((raw) => modelCase(raw, document, document));
  if (isList(document["groups"])) return document["groups"].flatMap((group) => groupCases(group, document));
  if (isList(document["sections"])) return document["sections"].flatMap((section) => sectionCases(section, document));
  if (isList(document["rates"]) || isList(document["books"])) return hybridCases(document);
  if (isList(document["cases"])) return document["cases"].flatMap((raw) => plannerCase(raw, document));
  throw new UnknownForm(
    "expected `vectors`, `groups`, `sections`, `cases`, or `rates` and `books`; found none of them",
  );
}

/** A case that names its model: exchange examples, and everything under `vectors`. Incident scenarios have no model. */
function modelCase(raw: Json, section: JsonObject, document: Json): ParityCase[] {
  if (!isObject(raw)) return [];
  const family = typeof raw["model"] === "string" ? raw["model"] : "incident";
  return [caseOf(raw, family, section, document, toleranceOf(raw["tolerance"] ?? raw["notes"]))];
}

/** `groups` of one peer: the family is `peer/group`. */
function groupCases(group: Json, document: JsonObject): ParityCase[] {
  if (!isObject(group) || !isList(group["vectors"])) return [];
  const peer = text(document["peer"]).split("/")[0] ?? "";
  return group["vectors"]
    .filter(isObject)
    .map((raw) =>
      caseOf(raw, `${peer}/${text(group["id"])}`, group, document, toleranceOf(ownFigure(raw) ?? group["tolerance"])),
    );
}

/** A case's own tolerance where it is a figure; a sentence there is for the evaluator that compares for itself. */
function ownFigure({ tolerance }: JsonObject): Json | undefined {
  return typeof tolerance === "string" && /^\d+(\.\d+)?(e-\d+)?$/.test(tolerance) ? tolerance : undefined;
}

/** `sections` of the numeric references: `cases` belong to the section, any other list to `section.list`. */
function sectionCases(section: Json, document: JsonObject): ParityCase[] {
  if (!isObject(section)) return [];
  const id = text(section["id"]);
  return Object.entries(section).flatMap(([list, rows]) => {
    if (!isList(rows) || list === "tolerance") return [];
    const family = list === "cases" ? id : `${id}.${list}`;
    return rows.flatMap((raw, at) =>
      isObject(raw)
        ? [caseOf({ id: `${family}-${at + 1}`, ...raw }, family, section, document, toleranceOf(section["tolerance"]))]
        : [],
    );
  });
}

/** Rates and books of the hybrid method: what is asked for (day, book) and the answers stand side by side. */
function hybridCases(document: JsonObject): ParityCase[] {
  return (["rates", "books"] as const).flatMap((list) => {
    const rows = document[list];
    if (!isList(rows)) return [];
    return rows.filter(isObject).map((raw) => {
      const { date, book, weights, ...expected } = raw;
      const id = list === "rates" ? `rates-${text(date)}` : `books-${text(book)}-${text(date)}`;
      const inputs = { ...(date === undefined ? {} : { date }), ...(weights === undefined ? {} : { weights }) };
      const tolerance = list === "rates" ? { absolute: 0, relative: 1e-9 } : { absolute: 1e-9, relative: 1e-8 };
      const answered = Object.keys(expected).length > 0 ? { expected } : {};
      return caseOf({ id, inputs, ...answered }, `hybrid.${list}`, {}, document, tolerance);
    });
  });
}

function plannerCase(raw: Json, document: JsonObject): ParityCase[] {
  return isObject(raw) ? [caseOf(raw, "planner", {}, document, { absolute: 1e-6, relative: 1e-6 })] : [];
}

function caseOf(
  raw: JsonObject,
  family: string,
  section: JsonObject,
  document: Json,
  tolerance: Tolerance,
): ParityCase {
  const inputs = raw["inputs"] ?? raw["input"] ?? raw["in"];
  return {
    id: text(raw["id"]),
    family,
    inputs: isObject(inputs) ? inputs : raw,
    expected: raw["expected"] ?? raw["out"] ?? null,
    tolerance,
    raw,
    section,
    document,
  };
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const text = (value: Json | undefined): string => (typeof value === "string" ? value : JSON.stringify(value ?? ""));
