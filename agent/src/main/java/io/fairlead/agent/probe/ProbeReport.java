package io.fairlead.agent.probe;

import java.util.List;

/**
 * What became of a packet.
 *
 * @param packet what was sent, as "tcp 10.244.1.2:40000 -> 10.96.0.10:80"
 * @param namespace where the network namespace that it was sent from was found; empty for this
 *     node's own
 * @param steps the rules that it met on this node, in order, without those of iptables-legacy
 * @param connection what conntrack made of it; the texts are empty if nothing
 * @param in the link through which it came to this node; empty if this node sent it, or if no rule
 *     saw it
 * @param out the link through which it left this node; empty if it did not, or if no rule saw it
 * @param notes what limits the above, as sentences
 */
public record ProbeReport(
    String packet,
    String namespace,
    List<Step> steps,
    Connection connection,
    String in,
    String out,
    Answer answer,
    List<String> notes) {

  /**
   * One rule, or the end of a chain.
   *
   * @param table such as "inet fairlead"
   * @param rule in the words of nft, or of iptables; empty at the end of a chain
   * @param verdict as nft writes it: "accept", "drop", "goto CHAIN"; at the end of a base chain
   *     "policy accept" or "policy drop"
   */
  public record Step(String table, String chain, String rule, String verdict) {

    /** Whether the packet ended here. */
    public boolean isDrop() {
      return verdict.endsWith("drop");
    }
  }

  /**
   * The two directions of a connection.
   *
   * @param original of the packet, before any translation
   * @param reply of answers, which tells the translation
   */
  public record Connection(String original, String reply) {

    static final Connection NONE = new Connection("", "");
  }

  /**
   * What came back.
   *
   * @param text a sentence without a full stop: "SYN-ACK after 0.4 ms"
   * @param microseconds from sending it; -1 if nothing came back
   */
  public record Answer(Kind kind, String text, long microseconds) {

    /** Kinds of answers. */
    public enum Kind {
      /** From the destination. */
      ANSWERED,
      /** The destination is there, and does not want it. */
      REFUSED,
      /** Somebody on the way, or this kernel, says that it does not lead there. */
      UNREACHABLE,
      /** It is longer than some link allows. */
      TOO_LONG,
      SILENT
    }
  }

  public ProbeReport {
    steps = List.copyOf(steps);
    notes = List.copyOf(notes);
  }

  /** Whether the destination answered. */
  public boolean isAnswered() {
    return answer.kind() == Answer.Kind.ANSWERED;
  }
}
