package retl.local;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code dev validate-all}: validates all saved credentials of all workspaces of a
 * service that runs, one after the other, without waiting for the schedule.
 */
@Command(
    name = "validate-all",
    description =
        "Validates all saved credentials of the ./dev that runs, and says what was found.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class ValidateAllCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      description = "the folder of the service that runs",
      defaultValue = ".local")
  private Path data = Path.of(".local");

  @Spec private @Nullable CommandSpec spec;

  private final HttpClient http = HttpClient.newHttpClient();

  /** 0 when all passed, else 1. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Map<String, Object> service = running();
    URI url = URI.create(text(service, "url"));
    int failed = 0;
    for (Object each : list(service.get("workspaces"))) {
      Map<?, ?> workspace = (Map<?, ?>) each;
      out.println(text(workspace, "id"));
      Map<?, ?> tokens = workspace.get("tokens") instanceof Map<?, ?> map ? map : Map.of();
      Caller caller = new Caller(url, text(tokens, "editor"));
      List<Map<?, ?>> credentials = caller.credentials();
      if (credentials.isEmpty()) {
        out.println("  no credentials");
      }
      for (Map<?, ?> credential : credentials) {
        Map<?, ?> validation = caller.validate(text(credential, "id"));
        out.println("  " + line(credential, validation));
        failed += text(validation, "status").equals("passed") ? 0 : 1;
      }
    }
    out.println(failed == 0 ? "All passed." : failed + " failed.");
    out.flush();
    return failed == 0 ? 0 : 1;
  }

  private Map<String, Object> running() throws IOException {
    try {
      return JSON.std.mapFrom(Files.readString(data.resolve("dev.json")));
    } catch (NoSuchFileException e) {
      throw new IOException("No ./dev runs over the folder " + data + ": start one first", e);
    }
  }

  private static String line(Map<?, ?> credential, Map<?, ?> validation) {
    StringBuilder line =
        new StringBuilder(
            "%-7s %s (%s)"
                .formatted(
                    text(validation, "status"), text(credential, "name"), text(credential, "id")));
    for (Object each : list(validation.get("checks"))) {
      Map<?, ?> check = (Map<?, ?>) each;
      if (text(check, "status").equals("failed")) {
        line.append(
            "%n          %s: %s: %s"
                .formatted(text(check, "title"), text(check, "code"), text(check, "message")));
      }
    }
    return line.toString();
  }

  private static String text(Map<?, ?> object, String field) {
    return Objects.toString(object.get(field), "");
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  /** Calls the API with a token. */
  private final class Caller {
    private final URI url;
    private final String token;

    Caller(URI url, String token) {
      this.url = url;
      this.token = token;
    }

    List<Map<?, ?>> credentials() throws IOException, InterruptedException {
      List<Map<?, ?>> all = new ArrayList<>();
      String query = "";
      do {
        Map<?, ?> page = call("GET", "/credentials?limit=100" + query, null);
        list(page.get("items")).forEach(item -> all.add((Map<?, ?>) item));
        String cursor = text(page, "nextCursor");
        query =
            cursor.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
      } while (!query.isEmpty());
      return all;
    }

    /** The validation when it has ended; its deadline sees to it that it does. */
    Map<?, ?> validate(String credentialId) throws IOException, InterruptedException {
      Map<?, ?> validation =
          call("POST", "/validations", JSON.std.asString(Map.of("credentialId", credentialId)));
      while (text(validation, "status").equals("running")) {
        validation = call("GET", "/validations/" + text(validation, "id"), null);
      }
      return validation;
    }

    private Map<?, ?> call(String method, String path, @Nullable String body)
        throws IOException, InterruptedException {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(url.resolve(path))
                  .timeout(Duration.ofSeconds(30))
                  .header("Authorization", "Bearer " + token)
                  .header("Content-Type", "application/json")
                  .header("Prefer", "wait=20")
                  .method(
                      method,
                      body == null
                          ? HttpRequest.BodyPublishers.noBody()
                          : HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new IOException(method + " " + path + " answered " + answer.body());
      }
      return JSON.std.mapFrom(answer.body());
    }
  }
}
