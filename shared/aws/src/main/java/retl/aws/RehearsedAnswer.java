package retl.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * What AWS would answer to a request in a workspace that has one of each, and takes whatever is
 * written: so a function rehearses what only a call that succeeds does. Nothing is sent. No secret
 * is ever found: a key made from a sample would stay.
 *
 * @param status of HTTP
 * @param body in JSON
 */
record RehearsedAnswer(int status, String body) implements ExecutableHttpRequest {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String READ_SECRET = "secretsmanager.GetSecretValue";

  /** The items of the workspace by their sort keys, each as DynamoDB would write it. */
  private static final Map<String, String> ITEMS = items();

  static RehearsedAnswer to(HttpExecuteRequest request) {
    String target = request.httpRequest().firstMatchingHeader("X-Amz-Target").orElse("");
    if (target.isEmpty()) {
      // Lambda's API reference, "Invoke": an accepted event is answered with 202.
      return new RehearsedAnswer(202, "");
    }
    return target.equals(READ_SECRET)
        ? new RehearsedAnswer(400, "{\"__type\":\"ResourceNotFoundException\"}")
        : new RehearsedAnswer(200, answer(target, body(request)));
  }

  private static String answer(String target, String request) {
    return switch (target.substring(target.indexOf('.') + 1)) {
      case "GetItem" -> {
        List<String> found = itemsOf(request);
        yield found.isEmpty() ? "{}" : "{\"Item\":%s}".formatted(found.getFirst());
      }
      case "BatchGetItem" ->
          "{\"Responses\":{\"%s\":[%s]},\"UnprocessedKeys\":{}}"
              .formatted(tableOf(request), String.join(",", itemsOf(request)));
      case "Query" -> {
        List<String> found = itemsBehind(texts(request, ":prefix"));
        yield "{\"Items\":[%s],\"Count\":%d,\"ScannedCount\":%2$d}"
            .formatted(String.join(",", found), found.size());
      }
      default -> "{}";
    };
  }

  private static List<String> itemsOf(String request) {
    return texts(request, Table.SK).stream().filter(ITEMS::containsKey).map(ITEMS::get).toList();
  }

  private static List<String> itemsBehind(List<String> prefixes) {
    return ITEMS.entrySet().stream()
        .filter(item -> prefixes.stream().anyMatch(item.getKey()::startsWith))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** The texts of all values of this name, such as {@code "SK": {"S": "…"}}. */
  private static List<String> texts(String request, String name) {
    List<String> texts = new ArrayList<>();
    try (JsonParser json = JSON.createParser(request)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.FIELD_NAME
            && json.currentName().equals(name)
            && json.nextToken() == JsonToken.START_OBJECT) {
          json.nextToken();
          texts.add(json.nextTextValue());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The SDK writes JSON.", e);
    }
    return texts;
  }

  /** The first name below {@code RequestItems}. */
  private static String tableOf(String request) {
    try (JsonParser json = JSON.createParser(request)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.FIELD_NAME
            && json.currentName().equals("RequestItems")) {
          json.nextToken();
          return json.nextFieldName();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The SDK writes JSON.", e);
    }
    return "";
  }

  private static String body(HttpExecuteRequest request) {
    try (InputStream body = request.contentStreamProvider().orElseThrow().newStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("A body in memory cannot fail to be read.", e);
    }
  }

  private static Map<String, String> items() {
    Map<String, String> items = new LinkedHashMap<>();
    try (InputStream file = RehearsedAnswer.class.getResourceAsStream("rehearsed-items.json")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      JsonParser json = JSON.createParser(text);
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String sortKey = json.currentName();
        json.nextToken();
        int start = (int) json.currentTokenLocation().getCharOffset();
        json.skipChildren();
        items.put(sortKey, text.substring(start, (int) json.currentLocation().getCharOffset()));
      }
      return items;
    } catch (IOException e) {
      throw new UncheckedIOException("The samples of a rehearsal are damaged.", e);
    }
  }

  @Override
  public HttpExecuteResponse call() {
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpResponse.builder()
                .statusCode(status)
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .build())
        .responseBody(
            AbortableInputStream.create(
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
        .build();
  }

  @Override
  public void abort() {
    // It has been answered when it was made.
  }
}
