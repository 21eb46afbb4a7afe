package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/** Files and folders that only their owner can read: tokens, passwords, kept data. */
final class PrivateFile {
  private PrivateFile() {}

  /** Makes the folder and its parents where they are missing. */
  static void makeFolder(Path folder) throws IOException {
    Files.createDirectories(folder, asFileAttribute(fromString("rwx------")));
  }

  /** Writes the whole text or, when anything goes wrong, leaves what was there. */
  static void write(Path file, String text) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (FileChannel channel =
        FileChannel.open(
            part,
            Set.of(CREATE, TRUNCATE_EXISTING, WRITE),
            asFileAttribute(fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
