package retl.functions.service.provider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import retl.api.json.Json;
import retl.core.Refused;

/**
 * Reads an issuer's keys where its configuration says that they are (OpenID Connect Discovery 1.0):
 * from the issuer's own host and nowhere else, without following redirects, at most {@link
 * #MAX_BYTES} and for at most {@link #TIME} each. No connection outlives a reading.
 */
final class IssuerDocuments implements IssuerKeys.Source {
  static final int MAX_BYTES = 256 * 1024;
  static final Duration TIME = Duration.ofSeconds(2);

  private final URI issuer;
  private final Duration time;

  IssuerDocuments(URI issuer) {
    this(issuer, TIME);
  }

  IssuerDocuments(URI issuer, Duration time) {
    this.issuer = issuer;
    this.time = time;
  }

  @Override
  public List<PublishedKey> read() throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(time)
            .build();
    try {
      return PublishedKey.readAll(get(client, keysAt(get(client, configuration()))));
    } catch (Refused | IllegalArgumentException e) {
      throw new IOException("The configuration is not what it must be.", e);
    } finally {
      client.shutdownNow();
    }
  }

  private URI configuration() {
    String base = issuer.toString();
    return URI.create(
        (base.endsWith("/") ? base : base + "/") + ".well-known/openid-configuration");
  }

  private URI keysAt(String configuration) throws IOException {
    if (!(Json.parse(configuration) instanceof Map<?, ?> fields
        && issuer.toString().equals(fields.get("issuer")))) {
      throw new IOException("The configuration is another issuer's.");
    }
    URI keys = URI.create(String.valueOf(fields.get("jwks_uri")));
    boolean isOurs =
        Objects.equals(keys.getScheme(), issuer.getScheme())
            && issuer.getHost().equalsIgnoreCase(keys.getHost())
            && keys.getPort() == issuer.getPort()
            && keys.getRawUserInfo() == null;
    if (!isOurs) {
      throw new IOException("The keys are not at the issuer's own address.");
    }
    return keys;
  }

  private String get(HttpClient client, URI uri) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Accept", "application/json").timeout(time).build();
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_BYTES));
    try {
      // The request's own time limit ends with the headers of the answer.
      HttpResponse<String> response = answer.get(time.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("The issuer answered with " + response.statusCode() + ".");
      }
      return response.body();
    } catch (ExecutionException e) {
      throw new IOException("The issuer could not be read.", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("The issuer did not answer in time.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted.", e);
    }
  }
}
