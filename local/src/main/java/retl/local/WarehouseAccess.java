package retl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The port and the passwords of the sample warehouse, made once and kept in its folder. */
final class WarehouseAccess {
  /** Below the range from which systems take ports by themselves. */
  private static final int FIRST_PORT = 15_432;

  private final Path folder;
  private final int port;
  private final Map<String, String> passwords = new TreeMap<>();

  private WarehouseAccess(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** What the folder holds; a port and passwords are chosen where it holds none yet. */
  static WarehouseAccess of(Path folder, List<String> users) throws IOException {
    String port = kept(folder.resolve("port"), Integer.toString(freePort()));
    WarehouseAccess access = new WarehouseAccess(folder, Integer.parseInt(port));
    for (String user : users) {
      access.passwords.put(user, kept(access.passwordFile(user), password()));
    }
    return access;
  }

  int port() {
    return port;
  }

  /** Saved credentials name the port, so no other one is taken instead. */
  void requirePortFree() throws IOException {
    if (!Ports.isFree(port)) {
      throw new IOException(
          "Port "
              + port
              + ", on which the sample warehouse was made, is in use by another program");
    }
  }

  String password(String user) {
    return Objects.requireNonNull(passwords.get(user), user);
  }

  /** Holds the password and nothing else. */
  Path passwordFile(String user) {
    return folder.resolve(user + ".password");
  }

  private static String kept(Path file, String otherwise) throws IOException {
    if (!Files.exists(file)) {
      PrivateFile.write(file, otherwise);
    }
    return Files.readString(file);
  }

  /** Its letters need no quoting, in SQL or elsewhere. */
  private static String password() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().encodeToString(random);
  }

  private static int freePort() throws IOException {
    for (int port = FIRST_PORT; port < FIRST_PORT + 1000; port++) {
      if (Ports.isFree(port)) {
        return port;
      }
    }
    throw new IOException("No port is free from " + FIRST_PORT + " on");
  }
}
