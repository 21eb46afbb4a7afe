package retl.functions.service.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.functions.service.provider.IssuerServer.Answer;

class IssuerDocumentsTest {
  private static final SigningKey KEY = SigningKey.ec("key");

  /** Only bounds a hang. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private final IssuerServer issuer = new IssuerServer();
  private final IssuerServer elsewhere = new IssuerServer();
  private final CountDownLatch end = new CountDownLatch(1);

  @BeforeEach
  void publish() {
    issuer.publish(KEY);
    elsewhere.publish(KEY);
  }

  @AfterEach
  void stop() {
    end.countDown();
    issuer.close();
    elsewhere.close();
  }

  private IssuerDocuments documents() {
    return new IssuerDocuments(issuer.uri(), LONG);
  }

  private void configure(String name, String keysAt) {
    issuer.answerConfiguration(
        Answer.of(SigningKey.json(Map.of("issuer", name, "jwks_uri", keysAt))));
  }

  @Test
  void readsTheKeysWhereTheConfigurationSays() throws IOException {
    assertThat(documents().read()).extracting(PublishedKey::id).containsExactly("key");
    assertThat(issuer.requests()).containsExactly("/.well-known/openid-configuration", "/keys");
  }

  @Test
  void readsTheConfigurationBelowAnIssuerWithAPath() {
    URI tenant = URI.create(issuer.url() + "/tenant/");

    assertThatThrownBy(() -> new IssuerDocuments(tenant, LONG).read())
        .isInstanceOf(IOException.class);
    assertThat(issuer.requests()).containsExactly("/tenant/.well-known/openid-configuration");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:%d/keys",
        "http://localhost:%2$d/keys",
        "http://127.0.0.1.evil.example:%2$d/keys",
        "http://user@127.0.0.1:%2$d/keys",
        "https://127.0.0.1:%2$d/keys",
        "http://127.0.0.1/keys",
        "file:///etc/passwd",
        "//127.0.0.1:%2$d/keys",
        "/keys",
        "http://[::1]:%2$d/keys",
        "no url",
        "",
      })
  void readsKeysAtTheIssuersOwnAddressOnly(String template) {
    configure(issuer.url(), template.formatted(elsewhere.uri().getPort(), issuer.uri().getPort()));

    assertThatThrownBy(() -> documents().read()).isInstanceOf(IOException.class);
    assertThat(issuer.requests()).hasSize(1);
    assertThat(elsewhere.requests()).isEmpty();
  }

  @Test
  void takesNoConfigurationOfAnotherIssuer() {
    configure(elsewhere.url(), issuer.url() + "/keys");

    assertThatThrownBy(() -> documents().read()).hasMessageContaining("another issuer");
    assertThat(issuer.requests()).hasSize(1);
  }

  @Test
  void followsNoRedirect() {
    Answer redirect =
        exchange -> {
          exchange.getResponseHeaders().set("Location", elsewhere.url() + "/keys");
          exchange.sendResponseHeaders(302, -1);
        };
    issuer.answerKeys(redirect);
    assertThatThrownBy(() -> documents().read()).hasMessageContaining("302");
    issuer.answerConfiguration(redirect);
    assertThatThrownBy(() -> documents().read()).hasMessageContaining("302");

    assertThat(elsewhere.requests()).isEmpty();
  }

  @Test
  void readsNoMoreThanItMust() throws IOException {
    String keys = IssuerServer.keySet(KEY);
    issuer.answerKeys(Answer.of(keys + " ".repeat(IssuerDocuments.MAX_BYTES - keys.length())));
    assertThat(documents().read()).hasSize(1);

    issuer.answerKeys(Answer.of(keys + " ".repeat(IssuerDocuments.MAX_BYTES)));
    assertThatThrownBy(() -> documents().read()).isInstanceOf(IOException.class);
    issuer.answerKeys(this::endless);
    assertThatThrownBy(() -> documents().read()).isInstanceOf(IOException.class);
  }

  private void endless(com.sun.net.httpserver.HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      while (end.getCount() > 0) {
        body.write(new byte[8192]);
      }
    }
  }

  @Test
  void waitsNoLongerThanItMay() {
    IssuerDocuments hasty = new IssuerDocuments(issuer.uri(), Duration.ofMillis(300));
    issuer.answerKeys(exchange -> await());
    assertThatThrownBy(hasty::read).isInstanceOf(IOException.class);
    issuer.answerKeys(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          await();
        });

    assertThatThrownBy(hasty::read).isInstanceOf(IOException.class);
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, []",
    "200, {}",
    "200, '{\"keys\":5}'",
    "200, x",
    "200, ''",
    "404, {}",
    "500, {}"
  })
  void takesNothingElseForKeys(int status, String body) {
    issuer.answerKeys(Answer.of(status, body));

    assertThatThrownBy(() -> documents().read()).isInstanceOf(IOException.class);
  }
}
