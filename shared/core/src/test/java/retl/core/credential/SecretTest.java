package retl.core.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.Fields;

class SecretTest {
  private static final Settings.SecretShape PASSWORD = Settings.SecretShape.of("password");
  private static final Settings.SecretShape KEY =
      new Settings.SecretShape(Set.of("privateKey"), Set.of("privateKeyPassphrase"));

  private static List<String> bad(Settings.SecretShape shape, Map<String, Object> secret) {
    return badFields(Map.of("secret", secret), f -> Secret.read(shape, f.object("secret")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" ", "a", "**", "•", "**a**", " *** ", "päss wörd", "a\nb\t", "😀", "' or 1=1 --"})
  void takesAnyTextAsItIs(String password) {
    Fields fields = Fields.of(Map.of("password", password));

    assertThat(Secret.read(PASSWORD, fields).required("password")).isEqualTo(password);
    fields.end();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "***", "•••", "*•*•*•*•", "a\u0000b"})
  void refusesMasksAndTextsThatEndTooEarly(String password) {
    assertThat(bad(PASSWORD, Map.of("password", password)))
        .containsExactly("secret.password invalid");
  }

  @Test
  void takesExactlyItsFields() {
    assertThat(bad(PASSWORD, Map.of())).containsExactly("secret.password missing");
    assertThat(bad(PASSWORD, Map.of("password", 5L))).containsExactly("secret.password wrong_type");
    assertThat(bad(PASSWORD, Map.of("password", "a", "token", "b")))
        .containsExactly("secret.token unknown");
    assertThat(bad(KEY, Map.of("privateKey", "a"))).containsExactly("secret.privateKey invalid");
    assertThat(bad(KEY, Map.of("privateKeyPassphrase", "b")))
        .containsExactly("secret.privateKey missing");
  }

  @Test
  void boundsItsLength() {
    assertThat(bad(PASSWORD, Map.of("password", "a".repeat(4096)))).isEmpty();
    assertThat(bad(PASSWORD, Map.of("password", "a".repeat(4097))))
        .containsExactly("secret.password too_long");
    assertThat(bad(KEY, Map.of("privateKey", "a".repeat(16 * 1024))))
        .containsExactly("secret.privateKey invalid");
    assertThat(bad(KEY, Map.of("privateKey", "a".repeat(16 * 1024 + 1))))
        .containsExactly("secret.privateKey too_long");
  }

  @Test
  void neverShowsAValue() {
    Secret secret = new Secret(Map.of("password", "s3cret-value", "token", "s3cret-other"));
    Fields fields = Fields.of(Map.of("password", "s3cret\u0000value"));
    Secret.read(PASSWORD, fields);

    assertThat(secret.toString()).isEqualTo("Secret[password, token]");
    assertThat(problemOf(fields::end).toString()).doesNotContain("s3cret");
    assertThatIllegalStateException()
        .isThrownBy(() -> secret.required("privateKey"))
        .withMessageNotContaining("s3cret");
  }
}
