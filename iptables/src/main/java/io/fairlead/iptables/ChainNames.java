package io.fairlead.iptables;

import io.fairlead.iptables.kernel.XtablesKernel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What chains are called. */
final class ChainNames {

  private static final String PREFIX = XtablesKernel.PREFIX + "-";

  /** Table nat: where all new connections begin. */
  static final String SERVICES = PREFIX + "SERVICES";

  /** Table filter: what no Service translated. */
  static final String UNSERVED = PREFIX + "UNSERVED";

  /** In each of both tables: packets to the node's own addresses. */
  static final String NODE_PORTS = PREFIX + "NODEPORTS";

  /**
   * Table nat: requests masquerade for all but pods of this node, where it takes several conditions
   * to tell them.
   */
  static final String MARK_OUTSIDE = PREFIX + "MARK-OUTSIDE";

  /** Table nat: does what was requested. */
  static final String POSTROUTING = PREFIX + "POSTROUTING";

  /** Table filter: tells the client that nobody is there. */
  static final String REJECT = PREFIX + "REJECT";

  static final int LONGEST = XtablesKernel.MAX_CHAIN_NAME;

  private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private ChainNames() {}

  static String plain(String name) {
    return PREFIX + name;
  }

  /** "FAIRLEAD-SVC-" and a hash of {@code identity} that fills the rest of the name. */
  static String hashed(String kind, String identity) {
    StringBuilder name = new StringBuilder(LONGEST);
    name.append(PREFIX).append(kind).append('-');
    byte[] hash = sha256(identity);
    int bits = 0;
    int held = 0;
    for (int at = 0; name.length() < LONGEST; held -= 5) {
      if (held < 5) {
        bits = bits << 8 | (hash[at++] & 0xff);
        held += 8;
      }
      name.append(DIGITS.charAt(bits >>> (held - 5) & 31));
    }
    return name.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
