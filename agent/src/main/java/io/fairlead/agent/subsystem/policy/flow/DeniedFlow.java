package io.fairlead.agent.subsystem.policy.flow;

import java.util.List;

/**
 * A packet that was denied. {@code GET /flows} of the admin socket tells it as JSON with these
 * names.
 *
 * @param time when it was received, ISO 8601
 * @param direction "ingress" or "egress": what the policies in question are for
 * @param protocol "tcp", "udp", "icmp" and so on, or "protocol 50"
 * @param policies that select the pod, as namespace/name
 * @param reason a sentence without a full stop
 */
public record DeniedFlow(
    String time,
    String direction,
    End source,
    End destination,
    String protocol,
    List<String> policies,
    String reason) {

  public DeniedFlow {
    policies = List.copyOf(policies);
  }

  /**
   * Who sends, or who is to receive.
   *
   * @param port -1 if there is none
   * @param pod as namespace/name, empty if the address is no pod's
   */
  public record End(String address, int port, String pod) {

    /** "10.244.1.2:80 (default/web)". */
    @Override
    public String toString() {
      String literal = port >= 0 && address.indexOf(':') >= 0 ? "[" + address + "]" : address;
      return literal + (port < 0 ? "" : ":" + port) + (pod.isEmpty() ? "" : " (" + pod + ")");
    }
  }

  /** One line. */
  @Override
  public String toString() {
    return direction + " " + protocol + " " + source + " -> " + destination + ": " + reason;
  }
}
