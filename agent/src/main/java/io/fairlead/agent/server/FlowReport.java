package io.fairlead.agent.server;

import java.util.List;

/**
 * A flow as {@code GET /flows} and {@code /flows/follow} of the admin socket tell it, as JSON with
 * these names.
 *
 * @param time when its first packet came, ISO 8601
 * @param verdict "denied", "allowed", or "note" for a sentence about what is told
 * @param direction of what was denied, "ingress" or "egress"; else empty
 * @param service whose address was dialled, as namespace/name; empty if none
 * @param dialled address and port before translation; empty if it was not translated
 * @param masqueraded address and port that stand in for the source's; empty if none do
 * @param protocol "tcp", "udp", "icmp" and so on, or "protocol 50"
 * @param policies that decided, as namespace/name
 * @param reason a sentence without a full stop
 */
public record FlowReport(
    String time,
    String verdict,
    String direction,
    End source,
    End destination,
    String service,
    String dialled,
    String masqueraded,
    String protocol,
    List<String> policies,
    String reason) {

  public static final String DENIED = "denied";
  public static final String ALLOWED = "allowed";
  public static final String NOTE = "note";

  /** What an agent leaves out is empty; without a verdict it was denied. */
  public FlowReport {
    time = text(time);
    verdict = text(verdict).isEmpty() ? DENIED : verdict;
    direction = text(direction);
    source = source == null ? End.NONE : source;
    destination = destination == null ? End.NONE : destination;
    service = text(service);
    dialled = text(dialled);
    masqueraded = text(masqueraded);
    protocol = text(protocol);
    policies = policies == null ? List.of() : List.copyOf(policies);
    reason = text(reason);
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  /** A sentence between flows. */
  public static FlowReport note(String time, String sentence) {
    return new FlowReport(time, NOTE, "", End.NONE, End.NONE, "", "", "", "", List.of(), sentence);
  }

  /**
   * Who sends, or who is to receive.
   *
   * @param port -1 if there is none
   * @param pod as namespace/name, empty if the address is no pod's
   */
  public record End(String address, int port, String pod) {

    static final End NONE = new End("", -1, "");

    /** "10.244.1.2:80 (default/web)". */
    @Override
    public String toString() {
      String literal = port >= 0 && address.indexOf(':') >= 0 ? "[" + address + "]" : address;
      return literal + (port < 0 ? "" : ":" + port) + (pod.isEmpty() ? "" : " (" + pod + ")");
    }
  }
}
