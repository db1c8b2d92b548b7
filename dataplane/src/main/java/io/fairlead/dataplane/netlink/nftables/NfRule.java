package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.ExpressionCodec;
import io.fairlead.dataplane.netlink.nftables.expression.RuleText;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * A rule.
 *
 * @param handle the kernel's number of the rule, or 0 if it is not there yet
 * @param comment at most 127 bytes of UTF-8; empty for none
 * @param fingerprint a hash of the expressions as fairlead wrote them, kept in the rule's user data
 *     where nft does not see it; 0 in somebody else's rules
 */
public record NfRule(
    TableName table,
    String chain,
    long handle,
    List<Expression> expressions,
    String comment,
    long fingerprint) {

  public NfRule {
    expressions = List.copyOf(expressions);
  }

  /** A rule to be added. */
  public static NfRule of(
      TableName table, String chain, String comment, List<Expression> expressions) {
    return new NfRule(table, chain, 0, expressions, comment, fingerprint(expressions));
  }

  /** Whether {@code other} decides the same and says the same, wherever it is. */
  public boolean hasContentOf(NfRule other) {
    return fingerprint == other.fingerprint && comment.equals(other.comment);
  }

  private static long fingerprint(List<Expression> expressions) {
    MessageWriter writer = new MessageWriter();
    writer.begin(0, 0, 0);
    ExpressionCodec.write(writer, expressions);
    writer.end();
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(writer.toBytes());
      long hash = ByteBuffer.wrap(digest).getLong();
      return hash == 0 ? 1 : hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The rule without its place: what it does and its comment. */
  public String text() {
    return NfText.join(" ", RuleText.of(expressions), NfText.comment(comment));
  }

  @Override
  public String toString() {
    return "rule " + table + " " + chain + " " + text();
  }
}
