package retl.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import retl.api.json.Json;
import retl.core.Page;

/**
 * An answer of the API.
 *
 * @param headers without those that every answer has
 * @param body JSON; empty when there is none
 */
public record Response(int status, Map<String, String> headers, String body) {
  public Response {
    headers = Map.copyOf(headers);
  }

  /** 200 with a body. */
  public static Response ok(Json.Writing body) {
    return new Response(200, Map.of(), Json.text(body));
  }

  /** 201 with the new resource, where it is, and its version as ETag. */
  public static Response created(String location, long version, Json.Writing body) {
    return new Response(201, Map.of(), Json.text(body))
        .with("Location", location)
        .with("ETag", etag(version));
  }

  /** 200 with a resource and its version as ETag. */
  public static Response resource(long version, Json.Writing body) {
    return ok(body).with("ETag", etag(version));
  }

  /** 204: it was done, and there is nothing to say. */
  public static Response noContent() {
    return new Response(204, Map.of(), "");
  }

  /** A job as it stands: 200 when it is over, else 202 with where and when to ask again. */
  public static Response job(String location, boolean isOver, Json.Writing body) {
    Response response = ok(body).withContentTag();
    return isOver
        ? response.with("Location", location)
        : new Response(202, response.headers(), response.body())
            .with("Location", location)
            .with("Retry-After", "1");
  }

  /** 200 with one page of a list. */
  public static <T> Response page(Page<T> page, @Nullable String nextCursor, ItemWriting<T> item) {
    return ok(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("items");
          for (T each : page.items()) {
            item.write(json, each);
          }
          json.writeEndArray();
          if (nextCursor != null) {
            json.writeStringField("nextCursor", nextCursor);
          }
          json.writeEndObject();
        });
  }

  /** The same answer with one more header. */
  public Response with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Response(status, more, body);
  }

  /**
   * The same answer with an ETag made from its body: for resources that have no version of their
   * own.
   */
  public Response withContentTag() {
    return with("ETag", "\"" + sha256(body).substring(0, 32) + "\"");
  }

  /** The id at the end of the {@code Location} header; empty without one. */
  public String lastOfLocation() {
    String location = headers.getOrDefault("Location", "");
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private static String etag(long version) {
    return "\"" + version + "\"";
  }

  /** The SHA-256 of a text in UTF-8, in hex. */
  static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  /** Writes one item of a list. */
  @FunctionalInterface
  public interface ItemWriting<T> {
    void write(com.fasterxml.jackson.core.JsonGenerator json, T item) throws java.io.IOException;
  }
}
