package retl.warehouse;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import retl.core.Fields;
import retl.core.Refused;
import retl.core.credential.NetworkRules;
import retl.core.credential.Settings;
import retl.core.warehouse.Warehouse;

/** Settings at random, many of them with characters that mean something in a URL. */
public final class RandomSettings {
  /** How many are tried; {@code -Drandom.settings=1000000} tries a million. */
  public static final int ROUNDS = Integer.getInteger("random.settings", 10_000);

  private static final String NASTY = "aZ09_$.@+- é😀ß/?&=%;#\\:'\"|,()[]{}<>\t\n\0";
  private static final int TAME = 14;

  private final Random random;

  public RandomSettings(Random random) {
    this.random = random;
  }

  /** Host, port, database and user beside these fields. */
  public Map<String, Object> fields(Map<String, Object> others) {
    Map<String, Object> fields = new HashMap<>(others);
    fields.put("host", random.nextInt(4) == 0 ? text() : host());
    fields.put("port", (long) random.nextInt(1024, 65_536));
    fields.put("database", text());
    fields.put("user", random.nextInt(4) == 0 ? text() : "u");
    return fields;
  }

  /** The settings, when the grammar takes them. */
  public static Optional<Settings> accepted(Warehouse warehouse, Map<String, Object> fields) {
    try {
      Fields all = Fields.of(fields);
      Settings settings = Settings.read(warehouse, all, NetworkRules.STRICT);
      all.end();
      return Optional.of(settings);
    } catch (Refused e) {
      return Optional.empty();
    }
  }

  private String host() {
    return "db" + random.nextInt(1000) + "-x.example" + random.nextInt(10) + ".com";
  }

  private String text() {
    int[] codePoints = NASTY.codePoints().toArray();
    int tame = random.nextInt(3) == 0 ? codePoints.length : TAME;
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      text.appendCodePoint(codePoints[random.nextInt(tame)]);
    }
    return text.toString();
  }
}
