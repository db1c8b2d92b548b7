package io.fairlead.cni.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.cni.protocol.CniResult.Address;
import io.fairlead.cni.protocol.CniResult.Dns;
import io.fairlead.cni.protocol.CniResult.Interface;
import io.fairlead.cni.protocol.CniResult.Route;
import io.fairlead.dataplane.model.AddressFamily;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes results in the shape of each protocol version: one address per family as "ip4" and "ip6"
 * in 0.1.0 and 0.2.0; "ips" with a "version" in 0.3.x and 0.4.0; without it from 1.0.0; interface
 * and route attributes such as "mtu" from 1.1.0.
 */
final class ResultJson {

  private ResultJson() {}

  static ObjectNode write(CniResult result, CniVersion version) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("cniVersion", version.text());
    if (version.compareTo(CniVersion.V0_3_0) < 0) {
      writeFamily(json, "ip4", result, AddressFamily.IPV4);
      writeFamily(json, "ip6", result, AddressFamily.IPV6);
    } else {
      if (!result.interfaces().isEmpty()) {
        ArrayNode interfaces = json.putArray("interfaces");
        result.interfaces().forEach(i -> writeInterface(interfaces.addObject(), i, version));
      }
      if (!result.addresses().isEmpty()) {
        ArrayNode ips = json.putArray("ips");
        result.addresses().forEach(a -> writeAddress(ips.addObject(), a, version));
      }
      if (!result.routes().isEmpty()) {
        ArrayNode routes = json.putArray("routes");
        result.routes().forEach(r -> writeRoute(routes.addObject(), r, version));
      }
    }
    writeDns(json, result.dns());
    return json;
  }

  private static void writeFamily(
      ObjectNode json, String key, CniResult result, AddressFamily family) {
    for (Address address : result.addresses()) {
      if (address.address().family() == family) {
        ObjectNode ip = json.putObject(key);
        ip.put("ip", address.toString());
        putText(ip, "gateway", address.gateway());
        List<Route> routes =
            result.routes().stream().filter(r -> r.destination().family() == family).toList();
        if (!routes.isEmpty()) {
          ArrayNode array = ip.putArray("routes");
          routes.forEach(r -> writeRoute(array.addObject(), r, CniVersion.V0_2_0));
        }
        return;
      }
    }
  }

  private static void writeInterface(ObjectNode json, Interface link, CniVersion version) {
    json.put("name", link.name());
    if (!link.mac().isEmpty()) {
      json.put("mac", link.mac());
    }
    if (!link.sandbox().isEmpty()) {
      json.put("sandbox", link.sandbox());
    }
    if (version.compareTo(CniVersion.V1_1_0) >= 0) {
      putNumber(json, "mtu", link.mtu());
      putText(json, "socketPath", link.socketPath());
      putText(json, "pciID", link.pciId());
    }
  }

  private static void writeAddress(ObjectNode json, Address address, CniVersion version) {
    if (version.compareTo(CniVersion.V1_0_0) < 0) {
      json.put("version", address.address().family() == AddressFamily.IPV4 ? "4" : "6");
    }
    putNumber(json, "interface", address.interfaceIndex());
    json.put("address", address.toString());
    putText(json, "gateway", address.gateway());
  }

  private static void writeRoute(ObjectNode json, Route route, CniVersion version) {
    json.put("dst", route.destination().toString());
    putText(json, "gw", route.gateway());
    if (version.compareTo(CniVersion.V1_1_0) >= 0) {
      putNumber(json, "mtu", route.mtu());
      putNumber(json, "advmss", route.advertisedMss());
      putNumber(json, "priority", route.priority());
      putNumber(json, "table", route.table());
      putNumber(json, "scope", route.scope());
    }
  }

  private static void writeDns(ObjectNode json, Dns dns) {
    if (dns.equals(Dns.NONE)) {
      return;
    }
    ObjectNode object = json.putObject("dns");
    putAll(object, "nameservers", dns.nameservers());
    if (!dns.domain().isEmpty()) {
      object.put("domain", dns.domain());
    }
    putAll(object, "search", dns.search());
    putAll(object, "options", dns.options());
  }

  private static void putAll(ObjectNode json, String key, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = json.putArray(key);
      values.forEach(array::add);
    }
  }

  private static void putText(ObjectNode json, String key, @Nullable Object value) {
    if (value != null) {
      json.put(key, value.toString());
    }
  }

  private static void putNumber(ObjectNode json, String key, @Nullable Number value) {
    if (value != null) {
      json.put(key, value.longValue());
    }
  }
}
