package io.fairlead.bench.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Virtual and real servers as lines of "ipvsadm -R", which are also the arguments of an execution.
 * Remembers what it has said about each Service. Not thread-safe.
 */
final class IpvsadmText {

  private final Map<Integer, List<String>> present = new HashMap<>();
  private Population loaded = new Population(1, 1);

  /** The Services that there are from now on. */
  void load(Population population) {
    loaded = population;
    present.clear();
  }

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
  List<String> additions(int service) {
    List<String> lines = new ArrayList<>();
    lines.add("-A " + server(service) + " -s rr");
    loaded.addresses(service).forEach(address -> lines.add(addition(service, address)));
    return lines;
  }

  /** From the endpoints that the Service had to those that it has now. */
  List<String> changes(Change change) {
    int service = change.service();
    List<String> before = present.getOrDefault(service, loaded.addresses(service));
    List<String> lines = new ArrayList<>();
    for (String address : change.addresses()) {
      if (!before.contains(address)) {
        lines.add(addition(service, address));
      }
    }
    for (String address : before) {
      if (!change.addresses().contains(address)) {
        lines.add("-d " + real(service, address));
      }
    }
    present.put(service, change.addresses());
    return lines;
  }

  /** The execution that does what one line says. */
  static String[] command(String line) {
    return ("ipvsadm " + line).split(" ");
  }
}
