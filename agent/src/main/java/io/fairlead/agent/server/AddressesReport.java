package io.fairlead.agent.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;

/**
 * What {@code GET /addresses} of the admin socket answers, as JSON with these names.
 *
 * @param ranges the node's pod CIDRs, in order of preference
 * @param addresses those that are not free, in order
 * @param released free ones that were in use, in the order in which they will be used again
 */
public record AddressesReport(
    String node, List<Range> ranges, List<Address> addresses, List<String> released) {

  /**
   * A pod CIDR.
   *
   * @param used how many addresses of it are not free
   * @param size how many pods it has room for
   */
  public record Range(String cidr, String gateway, long used, long size) {}

  /**
   * An address that somebody has.
   *
   * @param state "leased", "leaving" until the link of its pod is gone, or "imported" from the
   *     network that was here before
   * @param pod "namespace/name"; empty if it is unknown
   */
  public record Address(
      String address, String state, String pod, String container, String interfaceName) {}

  public AddressesReport {
    ranges = List.copyOf(ranges);
    addresses = List.copyOf(addresses);
    released = List.copyOf(released);
  }

  /** As JSON. */
  public Reply reply() {
    return Json.reply(this);
  }

  /**
   * Reads what {@link #reply} wrote.
   *
   * @throws JsonProcessingException if it is something else
   */
  public static AddressesReport parse(String json) throws JsonProcessingException {
    return Json.parse(json, AddressesReport.class);
  }
}
