package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result of ADD in any version, as far as attachments are compared with it. Read by other code
 * than the plugin's own, which is what is being judged.
 */
record Result(JsonNode json, List<Address> addresses) {

  /**
   * An address that the result promises.
   *
   * @param interfaceIndex into "interfaces", or -1
   */
  record Address(IpAddress ip, int prefixLength, @Nullable IpAddress gateway, int interfaceIndex) {}

  static Result read(JsonNode json) throws Unmet {
    List<Address> addresses = new ArrayList<>();
    for (JsonNode ip : json.path("ips")) {
      addresses.add(address(ip, ip.path("address").asText()));
    }
    for (String key : List.of("ip4", "ip6")) {
      if (json.path(key).isObject()) {
        addresses.add(address(json.path(key), json.path(key).path("ip").asText()));
      }
    }
    return new Result(json, addresses);
  }

  private static Address address(JsonNode json, String text) throws Unmet {
    int slash = text.indexOf('/');
    try {
      Unmet.require(slash > 0, "the address \"" + text + "\" of the result has no prefix length");
      String gateway = json.path("gateway").asText();
      return new Address(
          IpAddress.parse(text.substring(0, slash)),
          Integer.parseInt(text.substring(slash + 1)),
          gateway.isEmpty() ? null : IpAddress.parse(gateway),
          json.path("interface").asInt(-1));
    } catch (IllegalArgumentException e) {
      throw new Unmet("the result holds " + json + ", which is no address: " + e.getMessage());
    }
  }

  /** The first address; every attachment has one, or the runtime gives the pod up. */
  Address first() throws Unmet {
    Unmet.require(!addresses.isEmpty(), "the result holds no address: " + json);
    return addresses.getFirst();
  }

  Optional<Address> of(AddressFamily family) {
    return addresses.stream().filter(address -> address.ip().family() == family).findFirst();
  }

  List<IpAddress> ips() {
    return addresses.stream().map(Address::ip).toList();
  }

  /** The entry of "interfaces" of that name that lies in a sandbox; missing if there is none. */
  JsonNode sandboxInterface(String name) {
    for (JsonNode link : json.path("interfaces")) {
      if (link.path("name").asText().equals(name) && !link.path("sandbox").asText().isEmpty()) {
        return link;
      }
    }
    return json.path("no such interface");
  }

  /** Names in "interfaces" that are on the node. */
  List<String> nodeInterfaces() {
    List<String> names = new ArrayList<>();
    for (JsonNode link : json.path("interfaces")) {
      if (link.path("sandbox").asText().isEmpty()) {
        names.add(link.path("name").asText());
      }
    }
    return names;
  }
}
