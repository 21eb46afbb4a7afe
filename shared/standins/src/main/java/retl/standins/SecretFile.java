package retl.standins;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.standins.Secret.Content;
import retl.standins.Secret.Version;

/** A secret as the JSON text of its file. */
final class SecretFile {
  private SecretFile() {}

  static byte[] encode(Secret secret) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("name", secret.name());
    file.put("arn", secret.arn());
    put(file, "description", secret.description());
    put(file, "kmsKeyId", secret.kmsKeyId());
    file.put("tags", secret.tags());
    file.put("versions", secret.versions().stream().map(SecretFile::encode).toList());
    file.put("created", secret.created().toString());
    file.put("changed", secret.changed().toString());
    put(file, "deleted", secret.deleted());
    put(file, "gone", secret.gone());
    return Wire.json(file);
  }

  /** The secret of a file that {@link #encode} made. */
  static Secret decode(byte[] json) throws IOException {
    try {
      Fields file = Fields.parse(json);
      List<Version> versions = new ArrayList<>();
      file.objects("versions").forEach(version -> versions.add(version(version)));
      return new Secret(
          text(file, "name"),
          text(file, "arn"),
          optional(file, "description").orElse(null),
          optional(file, "kmsKeyId").orElse(null),
          tags(file),
          List.copyOf(versions),
          Instant.parse(text(file, "created")),
          Instant.parse(text(file, "changed")),
          optional(file, "deleted").map(Instant::parse).orElse(null),
          optional(file, "gone").map(Instant::parse).orElse(null));
    } catch (AwsError e) {
      throw new IOException("A file of a secret is damaged", e);
    }
  }

  private static Map<String, Object> encode(Version version) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("id", version.id());
    put(file, "text", version.content().text());
    put(file, "base64", version.content().base64());
    file.put("created", version.created().toString());
    file.put("stages", List.copyOf(version.stages()));
    return file;
  }

  private static Version version(Fields file) {
    return new Version(
        text(file, "id"),
        new Content(optional(file, "text").orElse(null), optional(file, "base64").orElse(null)),
        Instant.parse(text(file, "created")),
        new LinkedHashSet<>(file.texts("stages")));
  }

  private static Map<String, String> tags(Fields file) {
    Map<String, String> tags = new LinkedHashMap<>();
    if (file.values().get("tags") instanceof Map<?, ?> kept) {
      kept.forEach((key, value) -> tags.put(String.valueOf(key), String.valueOf(value)));
    }
    return tags;
  }

  private static String text(Fields file, String name) {
    return file.text(name, Integer.MAX_VALUE);
  }

  private static Optional<String> optional(Fields file, String name) {
    return file.optionalText(name, Integer.MAX_VALUE);
  }

  private static void put(Map<String, Object> file, String name, @Nullable Object value) {
    if (value != null) {
      file.put(name, value.toString());
    }
  }
}
