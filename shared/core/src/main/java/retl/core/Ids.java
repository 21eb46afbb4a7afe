package retl.core;

import com.github.f4b6a3.uuid.codec.base.BaseNCodec;
import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;

/**
 * Makes the ids of resources: {@code <type>_<26 characters>}, later ones sort after earlier ones.
 */
@FunctionalInterface
public interface Ids {
  /** How long an id is without its type and underscore. */
  int RANDOM_LENGTH = 26;

  /** A new id of this type, such as {@code mdl}; never the same twice. */
  String next(String type);

  /**
   * Ids from UUID version 7 (RFC 9562) in Crockford's base 32, whose alphabet is in ASCII order, so
   * that text order is time order.
   */
  static Ids timeOrdered() {
    BaseNCodec base32 = BaseNCodec.newInstance("0123456789abcdefghjkmnpqrstvwxyz");
    // Not through UuidCreator: that loads what makes all other versions too.
    TimeOrderedEpochFactory uuids = new TimeOrderedEpochFactory();
    return type -> type + "_" + base32.encode(uuids.create());
  }

  /** True for a text that could be an id of any type. */
  static boolean isId(String text) {
    int end = text.indexOf('_');
    return end > 0 && isId(text, text.substring(0, end));
  }

  /** True for a text that could be an id of this type; says nothing of whether it exists. */
  static boolean isId(String text, String type) {
    return text.length() == type.length() + 1 + RANDOM_LENGTH
        && text.startsWith(type)
        && text.charAt(type.length()) == '_'
        && text.chars()
            .skip(type.length() + 1L)
            .allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
  }
}
