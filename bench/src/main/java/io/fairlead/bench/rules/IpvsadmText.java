package io.fairlead.bench.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * Virtual and real servers as lines of "ipvsadm -R", which are also the arguments of an execution.
 */
final class IpvsadmText {

  private IpvsadmText() {}

  private static String server(int service) {
    return "-t " + Population.clusterIp(service) + ":" + Population.SERVICE_PORT;
  }

  private static String real(int service, String address) {
    return server(service) + " -r " + address + ":" + Population.ENDPOINT_PORT;
  }

  private static String addition(int service, String address) {
    return "-a " + real(service, address) + " -m -w 1";
  }

  /** A Service that is new. */
  static List<String> additions(int service, List<String> addresses) {
    List<String> lines = new ArrayList<>();
    lines.add("-A " + server(service) + " -s rr");
    addresses.forEach(address -> lines.add(addition(service, address)));
    return lines;
  }

  /** What a change makes of what there was. */
  static List<String> changes(Change change) {
    int service = change.service();
    return switch (change.kind()) {
      case ADDED -> additions(service, change.addresses());
      case DELETED -> List.of("-D " + server(service));
      case REPLACED, SCALED, ROLLED -> {
        List<String> lines = new ArrayList<>();
        for (String address : change.addresses()) {
          if (!change.before().contains(address)) {
            lines.add(addition(service, address));
          }
        }
        for (String address : change.before()) {
          if (!change.addresses().contains(address)) {
            lines.add("-d " + real(service, address));
          }
        }
        yield lines;
      }
    };
  }

  /** The execution that does what one line says. */
  static String[] command(String line) {
    return ("ipvsadm " + line).split(" ");
  }
}
