package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The ports of a rule; each that is wrong is left out with a sentence. */
final class PolicyPorts {

  /** RFC 6335 5.1, in lower case: 1 to 15 letters, digits and single hyphens, with a letter. */
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,15}\\z)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*");

  private final List<String> problems;

  PolicyPorts(List<String> problems) {
    this.problems = problems;
  }

  List<Port> read(String place, List<NetworkPolicyPort> given) {
    List<Port> ports = new ArrayList<>(given.size());
    for (int i = 0; i < given.size(); i++) {
      Port port = port(place + "[" + i + "]", given.get(i));
      if (port != null) {
        ports.add(SharedValues.shared(port));
      }
    }
    return ports;
  }

  private @Nullable Port port(String place, @Nullable NetworkPolicyPort given) {
    if (given == null) {
      problems.add(place + " is empty");
      return null;
    }
    if (Fields.hasUnknown(place, given.getAdditionalProperties(), problems)) {
      return null;
    }
    Protocol protocol = Fields.protocol(place, given.getProtocol(), problems);
    if (protocol == null) {
      return null;
    }
    IntOrString port = given.getPort();
    Object value = port == null ? null : port.getValue();
    if (value == null) {
      if (port != null || given.getEndPort() != null) {
        problems.add(
            place + (port != null ? ".port is empty" : " has an endPort and no port to begin at"));
        return null;
      }
      return Port.Range.every(protocol);
    }
    if (value instanceof Integer number) {
      return range(place, protocol, number, given.getEndPort());
    }
    return named(place, protocol, value.toString(), given.getEndPort());
  }

  private @Nullable Port range(
      String place, Protocol protocol, Integer given, @Nullable Integer givenEnd) {
    Integer first = Fields.port(place, given, problems);
    if (first == null) {
      return null;
    }
    if (givenEnd == null) {
      return Port.Range.of(protocol, first);
    }
    Integer last = Fields.port(place + ".endPort", givenEnd, problems);
    if (last == null) {
      return null;
    }
    if (last < first) {
      problems.add(place + " has the endPort " + last + ", which is below the port " + first);
      return null;
    }
    return new Port.Range(protocol, first, last);
  }

  private @Nullable Port named(
      String place, Protocol protocol, String name, @Nullable Integer givenEnd) {
    if (!NAME.matcher(name).matches()) {
      problems.add(
          place
              + " has the port \""
              + name
              + "\", neither a number nor a name of up to 15 lower case letters, digits and"
              + " hyphens");
      return null;
    }
    if (givenEnd != null) {
      problems.add(place + " has an endPort beside the name \"" + name + "\"; give numbers");
      return null;
    }
    return new Port.Named(protocol, name.intern());
  }
}
