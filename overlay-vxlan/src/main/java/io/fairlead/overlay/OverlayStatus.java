package io.fairlead.overlay;

import io.fairlead.dataplane.model.MacAddress;
import java.util.List;

/**
 * The overlay at a moment.
 *
 * @param device the VXLAN device's name, or empty if there is none
 * @param mac the address that peers send to
 * @param mtu of the device in bytes, 0 without one; pods need the same or less in mode VXLAN
 * @param peers the nodes whose pods have at least one route
 * @param routes to pods of other nodes
 * @param problems all that keep pods from being reached, sorted by node
 */
public record OverlayStatus(
    OverlayMode mode,
    String device,
    MacAddress mac,
    int mtu,
    int peers,
    int routes,
    List<OverlayProblem> problems) {

  public OverlayStatus {
    problems = List.copyOf(problems);
  }
}
