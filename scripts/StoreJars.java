import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Packs a function's zip anew: the entries of its jars are only stored, and each jar is compressed as a whole. Classes
 * resemble each other, so that the zip is a quarter smaller, and the JVM has nothing to inflate when it loads one. The
 * order and the times of all entries stay as they are.
 */
public final class StoreJars {
  public static void main(String[] arguments) throws IOException {
    Path zip = Path.of(arguments[0]);
    Path packed = zip.resolveSibling(zip.getFileName() + ".packed");
    try (InputStream in = Files.newInputStream(zip);
        OutputStream out = Files.newOutputStream(packed)) {
      pack(in, out);
    }
    Files.move(packed, zip, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void pack(InputStream in, OutputStream out) throws IOException {
    ZipInputStream entries = new ZipInputStream(in);
    ZipOutputStream packed = new ZipOutputStream(out);
    packed.setLevel(Deflater.BEST_COMPRESSION);
    for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
      byte[] content = entries.readAllBytes();
      packed.putNextEntry(copy(entry));
      packed.write(entry.getName().endsWith(".jar") ? stored(content) : content);
      packed.closeEntry();
    }
    packed.finish();
  }

  private static byte[] stored(byte[] jar) throws IOException {
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(jar));
    ZipOutputStream out = new ZipOutputStream(stored);
    for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
      byte[] content = entries.readAllBytes();
      CRC32 sum = new CRC32();
      sum.update(content);
      ZipEntry same = copy(entry);
      same.setMethod(ZipEntry.STORED);
      same.setSize(content.length);
      same.setCrc(sum.getValue());
      out.putNextEntry(same);
      out.write(content);
      out.closeEntry();
    }
    out.finish();
    return stored.toByteArray();
  }

  private static ZipEntry copy(ZipEntry entry) {
    ZipEntry same = new ZipEntry(entry.getName());
    // The local time, as it stands in the zip: no time zone may change a byte of it.
    same.setTimeLocal(entry.getTimeLocal());
    return same;
  }
}
