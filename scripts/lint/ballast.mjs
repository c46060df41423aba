/*
 * The lint rules of this house: what must not appear in a pure package, and where decimals may become floats.
 * Each has a planted violation in scripts/nets/lint.test.mjs.
 */

const name = (node) => (node.type === "Identifier" ? node.name : undefined);

/** `object.property` of a member expression, `?.` and `["property"]` included; undefined for anything else. */
function member(node) {
  if (node.type === "ChainExpression") return member(node.expression);
  if (node.type !== "MemberExpression") return undefined;
  const property = node.computed ? node.property.value : node.property.name;
  return { object: name(node.object), property };
}

/** Is the identifier a use of a global, and not a key, a property or a type? */
function isUse(node) {
  const { parent } = node;
  if (parent === undefined || parent === null) return true;
  if (parent.type === "MemberExpression") return parent.object === node || parent.computed;
  if (parent.type === "Property" || parent.type === "MethodDefinition" || parent.type === "PropertyDefinition") {
    return parent.value === node && !parent.shorthand ? true : parent.computed || parent.shorthand === true;
  }
  return !parent.type.startsWith("TS");
}

/** A rule that reports every use of one of these globals with one sentence. */
function noGlobals(globals, message) {
  return {
    create(context) {
      return {
        Identifier(node) {
          if (globals.includes(node.name) && isUse(node)) context.report({ node, message: `${node.name}: ${message}` });
        },
      };
    },
  };
}

const noClock = {
  create(context) {
    const message = "a pure package does not know the time; take it as an argument";
    return {
      MemberExpression(node) {
        const found = member(node);
        if (found?.object === "Date" && found.property === "now")
          context.report({ node, message: `Date.now: ${message}` });
        if (found?.object === "performance") context.report({ node, message: `performance: ${message}` });
      },
      NewExpression(node) {
        if (name(node.callee) === "Date" && node.arguments.length === 0) {
          context.report({ node, message: `new Date(): ${message}` });
        }
      },
      CallExpression(node) {
        if (name(node.callee) === "Date") context.report({ node, message: `Date(): ${message}` });
      },
    };
  },
};

const noTimers = noGlobals(
  ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"],
  "a pure package waits for nothing; whoever calls it decides when",
);

const noChance = {
  create(context) {
    const message = "a pure package does not throw dice; take the random source as an argument";
    return {
      MemberExpression(node) {
        const found = member(node);
        if (found?.object === "Math" && found.property === "random") {
          context.report({ node, message: `Math.random: ${message}` });
        }
        if (found?.object === "crypto") context.report({ node, message: `crypto: ${message}` });
      },
      CallExpression(node) {
        if (name(node.callee) === "randomUUID") context.report({ node, message: `randomUUID: ${message}` });
      },
    };
  },
};

const noEnvironment = noGlobals(
  ["process", "console", "fetch", "Buffer", "globalThis", "require"],
  "a pure package is a function of its arguments and touches no machine",
);

const noFloatMoney = {
  create(context) {
    const message = "a decimal becomes a float in packages/money/src/float64.ts and nowhere else";
    return {
      CallExpression(node) {
        const called = name(node.callee);
        if (called === "parseFloat" || called === "Number")
          context.report({ node, message: `${called}(): ${message}` });
        const found = member(node.callee);
        if (found?.property === "toNumber") context.report({ node, message: `toNumber(): ${message}` });
        if (found?.object === "Number" && found.property === "parseFloat") {
          context.report({ node, message: `Number.parseFloat(): ${message}` });
        }
      },
      UnaryExpression(node) {
        // `+x` is Number(x) in disguise; `+1` and `+"1"` are written by nobody.
        if (node.operator === "+") context.report({ node, message: `unary plus: ${message}` });
      },
    };
  },
};

export default {
  meta: { name: "ballast" },
  rules: {
    "no-clock": noClock,
    "no-timers": noTimers,
    "no-chance": noChance,
    "no-environment": noEnvironment,
    "no-float-money": noFloatMoney,
  },
};
