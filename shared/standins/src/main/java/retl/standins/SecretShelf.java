package retl.standins;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All secrets by name; with a folder, each also as a file of its own that only the owner can read.
 * A change is on the disk, whole, before it is seen, or it did not happen.
 */
final class SecretShelf {
  private final Map<String, Secret> secrets = new ConcurrentHashMap<>();
  private final @Nullable Path folder;

  /** The secrets of the folder; null keeps them in memory only. */
  SecretShelf(@Nullable Path folder) throws IOException {
    this.folder = folder;
    if (folder != null) {
      open(folder);
    }
  }

  Collection<Secret> all() {
    return List.copyOf(secrets.values());
  }

  Optional<Secret> find(String name) {
    return Optional.ofNullable(secrets.get(name));
  }

  void put(Secret secret) throws IOException {
    if (folder != null) {
      write(folder, secret);
    }
    secrets.put(secret.name(), secret);
  }

  void remove(Secret secret) throws IOException {
    if (folder != null) {
      Files.deleteIfExists(folder.resolve(fileName(secret.name())));
      sync(folder);
    }
    secrets.remove(secret.name());
  }

  private void open(Path folder) throws IOException {
    Files.createDirectories(folder, asFileAttribute(fromString("rwx------")));
    Files.setPosixFilePermissions(folder, fromString("rwx------"));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
      for (Path file : files) {
        Secret secret = SecretFile.decode(Files.readAllBytes(file));
        secrets.put(secret.name(), secret);
      }
    }
  }

  private static void write(Path folder, Secret secret) throws IOException {
    Path whole = folder.resolve(fileName(secret.name()));
    Path part = folder.resolve(fileName(secret.name()) + ".part");
    try (FileChannel file =
        FileChannel.open(
            part,
            Set.of(CREATE, TRUNCATE_EXISTING, WRITE),
            asFileAttribute(fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(SecretFile.encode(secret));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    sync(folder);
  }

  /** Makes a rename or a removal last. */
  private static void sync(Path folder) throws IOException {
    try (FileChannel directory = FileChannel.open(folder, READ)) {
      directory.force(true);
    }
  }

  /** A name may be longer than a file name, hold slashes, or differ from another in case only. */
  private static String fileName(String secretName) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Wire.utf8(secretName));
      return HexFormat.of().formatHex(digest) + ".json";
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java has SHA-256", e);
    }
  }
}
