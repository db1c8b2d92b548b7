package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the fields that several kinds share; what cannot be read becomes a problem and null. */
final class Fields {

  private Fields() {}

  static ObjectKey key(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    String namespace = metadata.getNamespace();
    return new ObjectKey(namespace == null ? "" : namespace.intern(), metadata.getName());
  }

  /** Shared with other objects that have the same; a label without a value has the empty one. */
  static Labels labels(@Nullable Map<String, String> given, List<String> problems) {
    if (given == null || given.isEmpty()) {
      return Labels.NONE;
    }
    Map<String, String> labels = new HashMap<>();
    given.forEach((key, value) -> {
      if (key == null) {
        problems.add("metadata.labels has a label without a key");
      } else {
        labels.put(key, value == null ? "" : value);
      }
    });
    return SharedValues.shared(Labels.of(labels));
  }

  /**
   * Whether an object of a policy has fields that are not known here, which may narrow what the
   * others say: of a newer API, or written wrongly in a manifest.
   */
  static boolean hasUnknown(
      String place, @Nullable Map<String, Object> unknown, List<String> problems) {
    if (unknown == null || unknown.isEmpty()) {
      return false;
    }
    for (String field : unknown.keySet()) {
      problems.add(place + " has the field \"" + field + "\", which is not known");
    }
    return true;
  }

  /** metadata.creationTimestamp in seconds since 1970; 0 if the object does not say it. */
  static long created(HasMetadata object, List<String> problems) {
    String text = object.getMetadata().getCreationTimestamp();
    return Math.floorDiv(millis("metadata.creationTimestamp", text, problems), 1000L);
  }

  /** A time as RFC 3339 writes it, in milliseconds since 1970; 0 if it is absent. */
  static long millis(String place, @Nullable String text, List<String> problems) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      problems.add(place + ": \"" + text + "\" is not a time; write it like 2026-01-31T12:00:00Z");
      return 0;
    }
  }

  /**
   * The address of a Service or an endpoint. Beside what {@link #address} refuses, so are
   * link-local ones, as the API server does (ValidateNonSpecialIP of k8s.io/kubernetes): a node
   * would lend its own place on the link to pods, and clouds tell secrets at 169.254.169.254.
   */
  static @Nullable IpAddress routed(String place, @Nullable String text, List<String> problems) {
    IpAddress address = address(place, text, problems);
    if (address != null && isLinkLocal(address.bytes())) {
      problems.add(place + ": " + address + " is not the address of one host or Service");
      return null;
    }
    return address;
  }

  /** 169.254.0.0/16 of RFC 3927 and fe80::/10 of RFC 4291. */
  private static boolean isLinkLocal(byte[] address) {
    int first = (address[0] & 0xff) << 8 | (address[1] & 0xff);
    return address.length == 4 ? first == 0xa9fe : (first & 0xffc0) == 0xfe80;
  }

  /** The address of one host: what means this host or many hosts is refused. */
  static @Nullable IpAddress address(String place, @Nullable String text, List<String> problems) {
    if (text == null) {
      problems.add(place + " has an empty entry");
      return null;
    }
    try {
      IpAddress address = IpAddress.parse(text);
      if (isOfOneHost(address.bytes())) {
        return address;
      }
      problems.add(place + ": " + address + " is not the address of one host or Service");
      return null;
    } catch (IllegalArgumentException e) {
      problems.add(place + ": " + e.getMessage());
      return null;
    }
  }

  private static boolean isOfOneHost(byte[] address) {
    int first = address[0] & 0xff;
    if (address.length == 4) {
      return first != 0 && first != 127 && first < 224; // RFC 1122 3.2.1.3
    }
    // ::, ::1 and ff00::/8 of RFC 4291
    boolean low = address[15] == 0 || address[15] == 1;
    for (int i = 0; i < 15; i++) {
      low &= address[i] == 0;
    }
    return !low && first != 0xff;
  }

  /** TCP where the object leaves it out, as the API's defaults have it. */
  static @Nullable Protocol protocol(String place, @Nullable String name, List<String> problems) {
    if (name == null || name.isEmpty()) {
      return Protocol.TCP;
    }
    return switch (name) {
      case "TCP" -> Protocol.TCP;
      case "UDP" -> Protocol.UDP;
      case "SCTP" -> Protocol.SCTP;
      default -> {
        problems.add(place + " has the protocol \"" + name + "\", not TCP, UDP or SCTP");
        yield null;
      }
    };
  }

  static @Nullable Integer port(String place, @Nullable Integer number, List<String> problems) {
    if (number == null) {
      problems.add(place + " has no port number");
      return null;
    }
    if (number < 1 || number > 65535) {
      problems.add(place + " has the port " + number + ", not 1 to 65535");
      return null;
    }
    return number;
  }
}
