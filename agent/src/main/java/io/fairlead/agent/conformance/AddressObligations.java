package io.fairlead.agent.conformance;

import io.fairlead.dataplane.model.IpAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Addresses as a resource that ends. */
final class AddressObligations {

  private AddressObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
                "address.exhausted",
                Obligation.ERRORS,
                "When no address is left ADD is an error; after one DEL it succeeds again.",
                AddressObligations::exhausted)
            .shows("18"),
        Obligation.of(
                "address.proper",
                Obligation.PRACTICE,
                "Of all addresses none is handed out twice, and none is the gateway.",
                AddressObligations::proper)
            .shows("19"),
        Obligation.of(
                "address.returned",
                Obligation.DEL,
                "DEL returns all addresses: as many pods fit as before.",
                bed -> {
                  Filling first = Filling.fill(bed);
                  first.empty(bed);
                  int again = Filling.fill(bed).attachments().size();
                  Unmet.require(
                      again == first.attachments().size(),
                      first.attachments().size() + " pods fitted, after their DEL " + again);
                  return again + " pods, both times";
                })
            .shows("18"),
        Obligation.of(
                "address.returned-without-netns",
                Obligation.DEL,
                "DEL with an empty CNI_NETNS returns the addresses, too.",
                bed -> {
                  Filling first = Filling.fill(bed);
                  List<Attachment> blind =
                      first.attachments().stream().map(pod -> pod.withNetns("")).toList();
                  new Filling(blind, first.refusal()).empty(bed);
                  int again = Filling.fill(bed).attachments().size();
                  Unmet.require(
                      again == blind.size(),
                      blind.size() + " pods fitted, after their DEL " + again);
                  return again + " pods, both times";
                })
            .shows("3"));
  }

  private static String exhausted(Testbed bed) throws Exception {
    Filling full = Filling.fill(bed);
    String refusal = full.refusal().error().toString();
    bed.detach(full.attachments().getFirst());
    Attachment next = bed.container();
    Answer[] last = new Answer[1];
    // An address may stay in quarantine until its link is gone; a runtime tries again, too.
    boolean attached =
        Waiting.until(
            Duration.ofSeconds(5),
            () -> {
              try {
                last[0] = bed.add(next);
                if (!last[0].isSuccess()) {
                  bed.delete(next);
                }
                return last[0].isSuccess();
              } catch (Unmet e) {
                return false;
              }
            });
    Unmet.require(attached, "after one DEL ADD still fails: " + last[0].shown());
    return full.attachments().size() + " pods, then " + refusal;
  }

  private static String proper(Testbed bed) throws Exception {
    Filling full = Filling.fill(bed);
    Set<IpAddress> addresses = new HashSet<>();
    Set<IpAddress> gateways = new HashSet<>();
    for (Attachment pod : full.attachments()) {
      for (Result.Address address : pod.attached().addresses()) {
        Unmet.require(addresses.add(address.ip()), address.ip() + " was handed out twice");
        IpAddress gateway = address.gateway();
        if (gateway != null) {
          gateways.add(gateway);
        }
        int hostBits = address.ip().family().bitLength() - address.prefixLength();
        IpAddress network = address.ip().masked(address.prefixLength());
        Unmet.require(
            hostBits < 2
                || hostBits > 16
                || (!address.ip().equals(network)
                    && !address.ip().equals(network.plus((1L << hostBits) - 1))),
            address.ip() + " is the first or last of its subnet");
      }
    }
    addresses.retainAll(gateways);
    Unmet.require(addresses.isEmpty(), "gateways were handed out: " + addresses);
    return full.attachments().size() + " pods; gateways " + gateways;
  }
}
