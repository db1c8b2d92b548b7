package io.fairlead.dataplane.service;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A fragment in lines that a test can compare. */
final class FragmentText {

  private FragmentText() {}

  /**
   * One line per frontend: address, kind, who is masqueraded, where clients inside and outside go.
   * An empty set is REFUSE or DROP.
   */
  static List<String> lines(ServiceFragment fragment) {
    List<String> lines = new ArrayList<>();
    for (ServicePortFragment port : fragment.ports()) {
      port.frontends()
          .forEach((address, frontend) ->
              lines.add(
                  address
                      + " "
                      + frontend.kind()
                      + " masquerades "
                      + frontend.masquerade()
                      + "; inside "
                      + set(port.inside(frontend))
                      + "; outside "
                      + set(port.outside(frontend))));
    }
    return lines;
  }

  /** Addresses without ports, where the ports are all the same anyway. */
  static String set(EndpointSet set) {
    return set.isEmpty()
        ? set.absence().toString()
        : set.endpoints().stream()
            .map(endpoint -> endpoint.address().toString())
            .collect(Collectors.joining(" "));
  }
}
