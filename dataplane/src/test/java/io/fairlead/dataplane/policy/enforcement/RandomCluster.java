package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.LabelSelector.Operator;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.policy.Flow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Random parts of a cluster so small that everything meets everything. */
record RandomCluster(RandomGenerator random) {

  static final List<IpAddress> ADDRESSES =
      IntStream.rangeClosed(1, 8)
          .mapToObj(i -> IpAddress.parse(i <= 5 ? "10.0.0." + i : "fd00::" + i))
          .toList();

  String namespace() {
    return "n" + random.nextInt(3);
  }

  ObjectKey pod() {
    return new ObjectKey(namespace(), "p" + random.nextInt(3));
  }

  ObjectKey policy() {
    return new ObjectKey(namespace(), "q" + random.nextInt(3));
  }

  NetworkPolicyRecord policy(ObjectKey key) {
    return new NetworkPolicyRecord(key, selector(), rulesIfIsolating(), rulesIfIsolating());
  }

  /** The same policy with a rule more, one less, or another selector. */
  NetworkPolicyRecord variant(NetworkPolicyRecord policy) {
    return new NetworkPolicyRecord(
        policy.key(),
        random.nextInt(4) == 0 ? selector() : policy.pods(),
        variant(policy.ingress()),
        variant(policy.egress()));
  }

  private @Nullable List<Rule> variant(@Nullable List<Rule> rules) {
    if (rules == null) {
      return random.nextInt(8) == 0 ? rules() : null;
    }
    List<Rule> variant = new ArrayList<>(rules);
    if (!variant.isEmpty() && random.nextBoolean()) {
      variant.remove(random.nextInt(variant.size()));
    }
    if (random.nextBoolean()) {
      variant.add(rule());
    }
    return variant;
  }

  private @Nullable List<Rule> rulesIfIsolating() {
    return random.nextInt(3) == 0 ? null : rules();
  }

  private List<Rule> rules() {
    return some(3, this::rule);
  }

  private Rule rule() {
    return new Rule(
        random.nextInt(5) == 0 ? null : some(3, this::peer),
        random.nextInt(3) == 0 ? null : some(3, this::port));
  }

  private Peer peer() {
    return switch (random.nextInt(4)) {
      case 0 -> new Peer.Pods(null, selector());
      case 1 -> new Peer.Pods(selector(), selector());
      case 2 -> new Peer.Pods(named(namespace()), selector());
      default ->
          new Peer.Block(
              Cidr.parse(oneOf("10.0.0.0/29", "0.0.0.0/0", "10.0.0.2/31", "fd00::/64")),
              random.nextBoolean() ? List.of() : List.of(Cidr.parse("10.0.0.4/31")));
    };
  }

  private static LabelSelector named(String namespace) {
    return new LabelSelector(List.of(Requirement.equal(NamespaceRecord.NAME_LABEL, namespace)));
  }

  private Port port() {
    Protocol protocol = protocol();
    return switch (random.nextInt(4)) {
      case 0 -> Port.Range.every(protocol);
      case 1 -> new Port.Range(protocol, 80, 80 + random.nextInt(2));
      default -> new Port.Named(protocol, oneOf("web", "dns"));
    };
  }

  Protocol protocol() {
    return random.nextInt(4) == 0 ? Protocol.UDP : Protocol.TCP;
  }

  private LabelSelector selector() {
    return new LabelSelector(some(2, this::requirement));
  }

  private Requirement requirement() {
    Operator operator = oneOf(Operator.values());
    List<String> values =
        switch (operator) {
          case IN, NOT_IN -> random.nextBoolean() ? List.of(value()) : List.of(value(), value());
          case EXISTS, DOES_NOT_EXIST -> List.of();
        };
    return new Requirement(oneOf("app", "tier"), operator, values);
  }

  private String value() {
    return oneOf("x", "y", "z");
  }

  NamespaceRecord namespace(String name) {
    Map<String, String> labels = labels();
    labels.put(NamespaceRecord.NAME_LABEL, name);
    return new NamespaceRecord(name, Labels.of(labels));
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new HashMap<>();
    if (random.nextInt(4) != 0) {
      labels.put("app", value());
    }
    if (random.nextBoolean()) {
      labels.put("tier", value());
    }
    return labels;
  }

  PodRecord pod(ObjectKey key) {
    return new PodRecord(
        key,
        uid(),
        Labels.of(labels()),
        some(3, this::address),
        random.nextInt(4) == 0 ? null : oneOf("here", "here", "there"),
        random.nextInt(12) == 0,
        some(3, () -> new ContainerPort(oneOf("web", "dns"), protocol(), 80 + random.nextInt(3))),
        random.nextInt(3));
  }

  /** The same pod with other labels. */
  PodRecord relabelled(PodRecord pod) {
    return new PodRecord(
        pod.key(),
        pod.uid(),
        Labels.of(labels()),
        pod.addresses(),
        pod.node(),
        pod.hostNetwork(),
        pod.ports(),
        pod.created());
  }

  PodAttachment attachment() {
    ObjectKey pod = random.nextInt(10) == 0 ? null : pod();
    return new PodAttachment("i" + random.nextInt(6), pod, uid(), some(3, this::address));
  }

  private String uid() {
    return oneOf("", "u1", "u1", "u1", "u2");
  }

  Flow flow() {
    return new Flow(
        Flow.Origin.NETWORK, address(), address(), protocol().number(), 80 + random.nextInt(3));
  }

  IpAddress address() {
    return ADDRESSES.get(random.nextInt(ADDRESSES.size()));
  }

  @SafeVarargs
  private <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private <T> List<T> some(int below, Supplier<T> part) {
    return IntStream.range(0, random.nextInt(below)).mapToObj(_ -> part.get()).distinct().toList();
  }
}
