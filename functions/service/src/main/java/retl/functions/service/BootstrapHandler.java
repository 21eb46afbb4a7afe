package retl.functions.service;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import retl.api.json.Json;
import retl.api.json.TokenJson;
import retl.core.Fields;
import retl.core.Name;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.token.Tokens;

/**
 * Makes a workspace and a token for its first admin. No route leads here: the operator invokes the
 * function, and IAM says who that is.
 *
 * <p>{@code {"name": "Marketing"}} makes a workspace; {@code {"workspace": "wsp_…"}} issues another
 * admin's token for one that is there. Either answers {@code {"workspace", "token": {…}}}.
 */
public final class BootstrapHandler implements RequestStreamHandler {
  private final Tokens tokens;

  public BootstrapHandler() {
    this(new Wiring(System.getenv()));
  }

  public BootstrapHandler(Wiring wiring) {
    this.tokens = wiring.tokens();
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
    output.write(answer(event, context.getAwsRequestId()).getBytes(StandardCharsets.UTF_8));
  }

  private String answer(String event, String requestId) {
    try {
      Tokens.Issued issued = issue(Fields.of(Json.parse(event)), requestId);
      return Json.text(
          json -> {
            json.writeStartObject();
            json.writeStringField("workspace", issued.grant().workspace());
            json.writeFieldName("token");
            TokenJson.write(json, issued);
            json.writeEndObject();
          });
    } catch (Refused e) {
      throw new IllegalArgumentException(reason(e.problem()), e);
    }
  }

  private Tokens.Issued issue(Fields event, String requestId) {
    if (event.has("workspace")) {
      String workspace = event.text("workspace", 64);
      event.end();
      return tokens.readmit(workspace, requestId);
    }
    Name name = Name.read(event, "name");
    event.end();
    return tokens.open(name, requestId);
  }

  // What the operator reads: Lambda answers with an exception's message.
  private static String reason(Problem problem) {
    return problem instanceof Problem.NotFound
        ? "There is no such workspace."
        : "The event must be {\"name\": \"<for a new workspace>\"} or {\"workspace\": \"<its"
            + " id>\"}.";
  }
}
