package retl.functions.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import retl.api.Api;
import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;

/**
 * {@code GET /health}. It needs no token and touches no store: it says that functions run, and
 * which version.
 */
public final class CheckHealthHandler extends ApiHandler {
  private final String version = version();

  public CheckHealthHandler() {
    super(Api.WITHOUT_STORES);
  }

  /** For the local service, which makes every handler from its module's wiring. */
  public CheckHealthHandler(Wiring wiring) {
    this();
  }

  @Override
  protected Response answer(Request request) {
    return Response.ok(
        json -> {
          json.writeStartObject();
          json.writeStringField("status", "ok");
          json.writeStringField("version", version);
          json.writeEndObject();
        });
  }

  private static String version() {
    try (InputStream file = CheckHealthHandler.class.getResourceAsStream("version.txt")) {
      if (file == null) {
        throw new IllegalStateException("version.txt is not on the class path.");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
