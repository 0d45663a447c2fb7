/** Adds a notice to a sound json_detail body as it streams by: it goes before the brace that ends the object. */
export function* withWarnings(body: Iterable<string>, message = developmentNotice): Generator<string> {
  const warning = {
    message,
    message_details: null,
    params: null,
    error_pos: null,
    level: "warning",
    fatal: false,
  };
  let held = "";
  for (const chunk of body) {
    yield held;
    held = chunk;
  }
  const end = held.lastIndexOf("}");
  yield `${held.slice(0, end)},"errors":${JSON.stringify([warning])}}`;
}

const developmentNotice = "You are in development mode: results may differ from production.";
