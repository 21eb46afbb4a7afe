package retl.warehouse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates are believed where a server's is verified: the authorities that the Java
 * platform trusts, and those that the operator adds.
 */
public final class Trust {
  /** The authorities of the Java platform, and no others. */
  public static final Trust PLATFORM = new Trust(null);

  private final @Nullable SSLSocketFactory sockets;

  private Trust(@Nullable SSLSocketFactory sockets) {
    this.sockets = sockets;
  }

  /** These of a PEM file too; a file that cannot be read is an error in the configuration. */
  public static Trust with(Path pemFile) {
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      for (X509Certificate certificate : manager(null).getAcceptedIssuers()) {
        add(all, certificate);
      }
      try (InputStream file = Files.newInputStream(pemFile)) {
        var certificates = CertificateFactory.getInstance("X.509").generateCertificates(file);
        if (certificates.isEmpty()) {
          throw new IllegalStateException("There is no certificate in " + pemFile + ".");
        }
        for (Certificate certificate : certificates) {
          add(all, certificate);
        }
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {manager(all)}, null);
      return new Trust(context.getSocketFactory());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("The certificates in " + pemFile + " cannot be read.", e);
    }
  }

  private static void add(KeyStore all, Certificate certificate) throws GeneralSecurityException {
    all.setCertificateEntry(Integer.toString(all.size()), certificate);
  }

  /** Of these authorities, or of the platform's. */
  private static X509TrustManager manager(@Nullable KeyStore authorities)
      throws GeneralSecurityException {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(authorities);
    return Arrays.stream(managers.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }

  SSLSocketFactory sockets() {
    return sockets == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : sockets;
  }
}
