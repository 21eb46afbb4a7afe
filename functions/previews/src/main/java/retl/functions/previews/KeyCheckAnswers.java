package retl.functions.previews;

import java.util.List;
import retl.api.Request;
import retl.api.Response;
import retl.api.json.Json;
import retl.api.json.KeyCheckJson;
import retl.core.model.KeyChecks;
import retl.core.preview.Preview;

/** A check of a key as an answer. */
final class KeyCheckAnswers {
  private final KeyChecks checks;

  KeyCheckAnswers(KeyChecks checks) {
    this.checks = checks;
  }

  /** A check that was just taken. */
  static Response accepted(Preview check) {
    return Response.job(location(check), false, body(check, List.of()));
  }

  Response started(Request request, Preview check) {
    return Response.job(location(check), check.status().isOver(), body(request, check));
  }

  Response read(Request request, Preview check) {
    return Response.ok(body(request, check)).withContentTag();
  }

  // Examples are shown as long as they fit: nobody looks through megabytes of them.
  private Json.Writing body(Request request, Preview check) {
    List<String> duplicates = checks.duplicates(request.caller(), check);
    return body(check, duplicates.subList(0, PreviewAnswers.fitting(duplicates)));
  }

  private static Json.Writing body(Preview check, List<String> duplicates) {
    return json -> KeyCheckJson.write(json, check, keyOf(check), duplicates);
  }

  private static String location(Preview check) {
    return "/models/" + keyOf(check).modelId() + "/key-checks/" + check.id();
  }

  private static Preview.Wanted.Key keyOf(Preview check) {
    if (check.wanted() instanceof Preview.Wanted.Key key) {
      return key;
    }
    throw new IllegalArgumentException("This preview checks no key.");
  }
}
