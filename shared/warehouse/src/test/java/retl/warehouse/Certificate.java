package retl.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A self-signed certificate for {@code localhost}, and for names of Snowflake's that lead to a stub
 * in tests, made by the JDK's keytool for one test run.
 */
public final class Certificate {
  private static final String PASSWORD = "for-this-run";
  private static final String NAMES =
      "san=dns:localhost,dns:*.snowflakecomputing.com,dns:*.s3.us-west-2.amazonaws.com";

  private final Path store;

  private Certificate(Path store) {
    this.store = store;
  }

  /** Makes a key pair and its certificate in this folder. */
  public static Certificate in(Path folder) throws IOException {
    Path store = folder.resolve("certificate.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=localhost",
                "-ext",
                NAMES,
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("keytool: " + said);
    }
    return new Certificate(store);
  }

  /** The one that this JVM trusts; to be called before anything in it uses TLS. */
  public static Certificate trusted() {
    return Trusted.CERTIFICATE;
  }

  private static final class Trusted {
    static final Certificate CERTIFICATE = trust();

    private static Certificate trust() {
      try {
        Certificate certificate = in(Files.createTempDirectory("certificate"));
        System.setProperty("javax.net.ssl.trustStore", certificate.store.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
        return certificate;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The certificate as a PEM file. */
  public Path certificateFile() throws IOException, GeneralSecurityException {
    return pem("CERTIFICATE", keys().getCertificate("server").getEncoded());
  }

  /** The private key as a PEM file that only its owner can read. */
  public Path keyFile() throws IOException, GeneralSecurityException {
    Key key = keys().getKey("server", PASSWORD.toCharArray());
    Path file = pem("PRIVATE KEY", key.getEncoded());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  /** For a server in this JVM. */
  public SSLContext context() throws IOException, GeneralSecurityException {
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys(), PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store)) {
      keys.load(file, PASSWORD.toCharArray());
    }
    return keys;
  }

  private Path pem(String kind, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String text = "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
    return Files.writeString(store.resolveSibling(kind.replace(' ', '-') + ".pem"), text);
  }
}
