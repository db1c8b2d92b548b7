package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.Link;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a runtime passes for the capabilities that a plugin declares. */
final class CapabilityObligations {

  private static final String MAC = "02:00:00:00:77:02";

  private CapabilityObligations() {}

  static List<Obligation> all() {
    List<Obligation> all = new ArrayList<>();
    all.add(capability("ips", "ips: the pod gets the address that was asked for.", null, ips()));
    all.add(
        capability(
            "ips-taken",
            "ips: asking for an address that another pod has is an error.",
            null,
            taken()));
    all.add(
        capability(
            "mac",
            "mac: the pod's interface gets the MAC that was asked for, and the result has it.",
            null,
            mac()));
    all.add(
        capability(
            "ipRanges",
            "ipRanges: the pod gets an address of the range that was given.",
            null,
            ipRanges()));
    all.add(
        capability(
            "dns",
            "dns: the settings that were given are in the result.",
            "{\"servers\":[\"203.0.113.53\"],\"searches\":[\"b.example.com\"]}",
            (_, pod) -> {
              JsonNode dns = pod.attached().json().path("dns");
              Unmet.require(
                  dns.toString().contains("203.0.113.53")
                      && dns.toString().contains("b.example.com"),
                  "dns of the result is " + dns);
              return dns.toString();
            }));
    all.addAll(PortObligations.all());
    all.add(BandwidthObligation.shaping());
    all.add(accepted("aliases", "[\"web\",\"www\"]"));
    all.add(accepted("cgroupPath", "\"/kubepods/pod1234/abcd\""));
    all.add(accepted("io.kubernetes.cri.pod-annotations", "{\"example.com/note\":\"x\"}"));
    return all;
  }

  /** What is seen once a pod was attached; or, without a value, what attaches it. */
  interface Trial {
    String run(Testbed bed, Attachment pod) throws Exception;
  }

  /**
   * An obligation that is skipped where the configuration does not declare the capability, which is
   * the id up to a dash.
   *
   * @param value what the runtime passes; null if the trial attaches the pod itself
   */
  static Obligation capability(String id, String text, @Nullable String value, Trial trial) {
    String name = id.replaceAll("-(taken|conflict|gone|udp|node)$", "");
    return Obligation.of(
        "capability." + id,
        Obligation.CONVENTIONS,
        text,
        bed -> {
          if (!NetworkList.declares(bed.plugin(), name)) {
            throw new Inapplicable("the configuration does not declare the capability " + name);
          }
          Attachment pod = bed.container();
          return trial.run(
              bed,
              value == null
                  ? pod
                  : bed.attach(pod.offering(name, NetworkList.JSON.readTree(value))));
        });
  }

  private static Obligation accepted(String name, String value) {
    return capability(
        name,
        name + ": what was given is accepted.",
        value,
        (_, pod) -> pod.attached().first().ip().toString());
  }

  private static JsonNode list(String text) throws Exception {
    return NetworkList.JSON.readTree("[\"" + text + "\"]");
  }

  private static Trial ips() {
    return (bed, pod) -> {
      Result.Address usual = bed.attach().attached().first();
      String wanted = usual.ip().masked(usual.prefixLength()).plus(47).toString();
      Attachment done = bed.attach(pod.offering("ips", list(wanted + "/" + usual.prefixLength())));
      Unmet.require(
          done.attached().ips().contains(IpAddress.parse(wanted)),
          wanted + " was asked, " + done.attached().ips() + " given");
      Unmet.require(done.pod().hasAddress("eth0", IpAddress.parse(wanted)), "eth0 lacks " + wanted);
      Packets.flow("to it", bed.node(), done.pod(), IpAddress.parse(wanted));
      return wanted + " as asked";
    };
  }

  private static Trial taken() {
    return (bed, pod) -> {
      Result.Address usual = bed.attach().attached().first();
      JsonNode asked = list(usual.ip() + "/" + usual.prefixLength());
      return bed.add(pod.offering("ips", asked)).error().toString();
    };
  }

  private static Trial mac() {
    return (bed, pod) -> {
      Attachment done =
          bed.attach(
              pod.in(bed.network("1.0.0"))
                  .offering("mac", NetworkList.JSON.getNodeFactory().textNode(MAC)));
      Link link = done.pod().link("eth0");
      String given = link == null ? "none" : String.valueOf(link.mac());
      Unmet.require(given.equals(MAC), "eth0 has " + given);
      JsonNode entry = done.attached().sandboxInterface("eth0");
      Unmet.require(entry.path("mac").asText().equalsIgnoreCase(MAC), "the result says " + entry);
      return entry.toString();
    };
  }

  private static Trial ipRanges() {
    return (bed, pod) -> {
      Result.Address usual = bed.attach().attached().first();
      IpAddress network = usual.ip().masked(usual.prefixLength());
      String range =
          "[[{\"subnet\":\"%s/%d\",\"rangeStart\":\"%s\",\"rangeEnd\":\"%s\"}]]"
              .formatted(network, usual.prefixLength(), network.plus(48), network.plus(52));
      Attachment done = bed.attach(pod.offering("ipRanges", NetworkList.JSON.readTree(range)));
      Unmet.require(
          done.attached().ips().stream()
              .anyMatch(ip ->
                  ip.family() == network.family()
                      && ip.compareTo(network.plus(48)) >= 0
                      && ip.compareTo(network.plus(52)) <= 0),
          range + " was asked, " + done.attached().ips() + " given");
      return done.attached().ips().toString();
    };
  }
}
