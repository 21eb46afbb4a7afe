import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Packs a function's zip anew, for a start of the function that is faster:
 *
 * <ul>
 *   <li>The native library of the SDK's HTTP client is taken out of its jar and lies beside it, where Lambda lets
 *       libraries be looked for: lib is in LD_LIBRARY_PATH ("Defined runtime environment variables" in Lambda's guide).
 *       Out of a jar it would be copied to /tmp first.
 *   <li>With "stored", the entries of its jars are only stored, and each jar is compressed as a whole. Classes resemble
 *       each other, so that the zip is a quarter smaller, and the JVM has nothing to inflate when it loads one.
 * </ul>
 *
 * The order and the times of all entries stay as they are.
 *
 * <p>PackZip.java stored|compressed ZIP
 */
public final class PackZip {
  private static final String NATIVE = "libaws-crt-jni.so";

  public static void main(String[] arguments) throws IOException {
    boolean areStored = arguments[0].equals("stored");
    Path zip = Path.of(arguments[1]);
    Path packed = zip.resolveSibling(zip.getFileName() + ".packed");
    try (InputStream in = Files.newInputStream(zip);
        OutputStream out = Files.newOutputStream(packed)) {
      pack(in, out, areStored);
    }
    Files.move(packed, zip, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void pack(InputStream in, OutputStream out, boolean areStored) throws IOException {
    ZipInputStream entries = new ZipInputStream(in);
    ZipOutputStream packed = new ZipOutputStream(out);
    int natives = 0;
    for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
      byte[] content = entries.readAllBytes();
      boolean hasNative = entry.getName().matches("lib/aws-crt-[0-9].*\\.jar");
      if (hasNative) {
        write(packed, named("lib/" + NATIVE, entry), nativeOf(content));
        natives++;
      }
      boolean changes = hasNative || (areStored && entry.getName().endsWith(".jar"));
      write(packed, named(entry.getName(), entry), changes ? repacked(content, areStored) : content);
    }
    packed.finish();
    if (natives != 1) {
      throw new IOException("The zip has " + natives + " native libraries, not one.");
    }
  }

  private static void write(ZipOutputStream out, ZipEntry entry, byte[] content) throws IOException {
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }

  private static byte[] nativeOf(byte[] jar) throws IOException {
    ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(jar));
    for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
      if (isNative(entry)) {
        return entries.readAllBytes();
      }
    }
    throw new IOException("The jar of the HTTP client has no native library.");
  }

  private static boolean isNative(ZipEntry entry) {
    return entry.getName().endsWith("/" + NATIVE);
  }

  private static byte[] repacked(byte[] jar, boolean isStored) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(jar));
    ZipOutputStream out = new ZipOutputStream(packed);
    for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
      byte[] content = entries.readAllBytes();
      if (isNative(entry)) {
        continue;
      }
      ZipEntry same = named(entry.getName(), entry);
      if (isStored) {
        CRC32 sum = new CRC32();
        sum.update(content);
        same.setMethod(ZipEntry.STORED);
        same.setSize(content.length);
        same.setCrc(sum.getValue());
      }
      write(out, same, content);
    }
    out.finish();
    return packed.toByteArray();
  }

  private static ZipEntry named(String name, ZipEntry entry) {
    ZipEntry same = new ZipEntry(name);
    // The local time, as it stands in the zip: no time zone may change a byte of it.
    same.setTimeLocal(entry.getTimeLocal());
    return same;
  }
}
