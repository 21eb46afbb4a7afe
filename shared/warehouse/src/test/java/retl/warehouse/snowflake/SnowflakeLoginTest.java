package retl.warehouse.snowflake;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.credential.Secret;
import retl.core.validation.Check;
import retl.warehouse.snowflake.SnowflakeStub.Call;

/** Logins by the real driver: what it sends, and what each refusal is told as. */
class SnowflakeLoginTest {
  private static final String PASSPHRASE = "correct horse";
  private static final String PRIVATE_TEXT = "PRIVATE-TEXT-OF-THE-SERVER";

  private final SnowflakeStub stub = SnowflakeStub.withTls();
  private final Account account = new Account(stub);

  @BeforeEach
  void answerChecks() {
    stub.texts("SHOW WAREHOUSES", List.of("name", "state", "auto_resume"), List.of());
    stub.texts("SHOW TERSE SCHEMAS IN", List.of("name"), List.of());
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void logsInWithAPassword() {
    assertThat(login("password", Account.PASSWORD).status()).isEqualTo(Check.Status.PASSED);

    Call call = stub.calls().getFirst();
    assertThat(call.body())
        .containsEntry("data.LOGIN_NAME", "etl@example.com")
        .containsEntry("data.PASSWORD", Account.PASSWORD.required("password"))
        .containsEntry("data.ACCOUNT_NAME", "myorg-my_account");
    assertThat(call.query()).contains("databaseName=shop", "warehouse=loading", "roleName=reader");
  }

  @Test
  void logsInWithAToken() {
    Secret secret = new Secret(Map.of("token", "pat-of-the-test"));

    assertThat(login("token", secret).status()).isEqualTo(Check.Status.PASSED);
    assertThat(stub.calls().getFirst().body())
        .containsEntry("data.AUTHENTICATOR", "PROGRAMMATIC_ACCESS_TOKEN")
        .containsEntry("data.TOKEN", "pat-of-the-test")
        .doesNotContainKey("data.PASSWORD");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void logsInWithAKeyPair(boolean isEncrypted) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    Secret secret =
        isEncrypted
            ? new Secret(
                Map.of(
                    "privateKey",
                    pem("ENCRYPTED PRIVATE KEY", encrypted(pair)),
                    "privateKeyPassphrase",
                    PASSPHRASE))
            : new Secret(Map.of("privateKey", pem("PRIVATE KEY", pair.getPrivate().getEncoded())));

    assertThat(login("keyPair", secret).status()).isEqualTo(Check.Status.PASSED);

    Map<String, String> sent = stub.calls().getFirst().body();
    assertThat(sent).containsEntry("data.AUTHENTICATOR", "SNOWFLAKE_JWT");
    String[] token = sent.getOrDefault("data.TOKEN", "").split("\\.", -1);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(pair.getPublic());
    signature.update((token[0] + "." + token[1]).getBytes(US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(token[2]))).isTrue();
    Map<String, String> claims =
        JsonText.flat(new String(Base64.getUrlDecoder().decode(token[1]), US_ASCII));
    assertThat(claims)
        .containsEntry("sub", "MYORG-MY_ACCOUNT.ETL@EXAMPLE.COM")
        .containsEntry("iss", "MYORG-MY_ACCOUNT.ETL@EXAMPLE.COM." + fingerprint(pair));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "390100 | Incorrect username or password was specified.                | authentication_failed",
        "390101 | User access disabled. Contact your local admin.              | user_locked",
        "390102 | Your user account has been temporarily locked.               | user_locked",
        "390144 | JWT token is invalid.                                        | authentication_failed",
        "394304 | JWT token is invalid. Public key fingerprint mismatch.       | authentication_failed",
        "390186 | Role 'X' specified in the connect string is not granted.     | role_denied",
        "390189 | Role 'X' specified in the connect string does not exist.     | role_denied",
        "390422 | Incoming request with IP/Token 1.2.3.4 is not allowed to access Snowflake. | network_policy",
        "390432 | Network policy is required.                                  | network_policy",
        "394508 | Failed to authenticate: MFA authentication is required.      | authentication_method",
        "394400 | Programmatic access token is invalid.                        | authentication_failed",
        "390913 | Client is unable to say what it means.                       | connection_failed"
      })
  void tellsRefusalsApart(int number, String message, String code) {
    stub.next(
        "/session/v1/login-request",
        call -> SnowflakeStub.refusal(number, message + " " + PRIVATE_TEXT));

    Check check = login("password", Account.PASSWORD);

    assertThat(check.code()).isEqualTo(code);
    assertThat(check.toString()).doesNotContain(PRIVATE_TEXT);
    assertThat(stub.calls()).as("asked once").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void knowsAnAccountThatDoesNotExist(int status) {
    stub.next("/session/v1/login-request", call -> new SnowflakeStub.Answer(status, PRIVATE_TEXT));

    assertThat(login("password", Account.PASSWORD).code()).isEqualTo("unknown_account");
  }

  @Test
  void sendsNothingElseAnywhere() {
    login("password", Account.PASSWORD);

    assertThat(stub.calls())
        .extracting(Call::path)
        .doesNotContain("/telemetry/send")
        .startsWith("/session/v1/login-request")
        .endsWith("/session");
  }

  private Check login(String authentication, Secret secret) {
    return account.check(Account.settings(authentication, "reader", null), secret).getFirst();
  }

  private static String fingerprint(KeyPair pair) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(pair.getPublic().getEncoded());
    return "SHA256:" + Base64.getEncoder().encodeToString(digest);
  }

  private static byte[] encrypted(KeyPair pair) throws GeneralSecurityException, IOException {
    String algorithm = "PBEWithHmacSHA256AndAES_256";
    SecretKey key =
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(PASSPHRASE.toCharArray()));
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(Cipher.ENCRYPT_MODE, key, new SecureRandom());
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
    parameters.init(cipher.getParameters().getEncoded());
    return new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(pair.getPrivate().getEncoded()))
        .getEncoded();
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + kind
        + "-----\n";
  }
}
