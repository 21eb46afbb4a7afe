package retl.functions.warehouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a worker's home folder and its folder for temporary files lie in. Drivers look
 * into both for settings and write to both as they please; so they are empty whenever a job begins,
 * and nothing of a job outlives it.
 */
final class Scratch {
  /** Where Lambda's workers have them: the JVM is told so in {@code template.yaml}. */
  static final Path OF_LAMBDA = Path.of("/tmp/worker");

  /** What the JVM calls home, and where it makes temporary files. */
  private static final List<String> FOLDERS = List.of("home", "tmp");

  private final @Nullable Path folder;

  private Scratch(@Nullable Path folder) {
    this.folder = folder;
  }

  /** Takes this folder over, with all that is in it. */
  static Scratch in(Path folder) {
    Scratch scratch = new Scratch(folder);
    scratch.wipe();
    return scratch;
  }

  /** Leaves the folders of this machine alone. */
  static Scratch none() {
    return new Scratch(null);
  }

  /** Runs a job between two wipes. */
  <T> T during(Supplier<T> job) {
    wipe();
    try {
      return job.get();
    } finally {
      wipe();
    }
  }

  private void wipe() {
    if (folder == null) {
      return;
    }
    try {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.walkFileTree(folder, new Deletion());
      }
      var ownersAlone =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
      for (String each : FOLDERS) {
        Files.createDirectories(folder.resolve(each), ownersAlone);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("What a job left behind cannot be removed.", e);
    }
  }

  /** Follows no link: what it leads to is not of the job. */
  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
