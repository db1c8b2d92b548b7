package io.fairlead.dataplane.policy.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.policy.Decision;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.policy.PolicyEvaluator;
import io.fairlead.dataplane.testing.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random histories: whoever follows the changes knows what a look at everything tells, a node that
 * goes by it does what the evaluator says, and who may be allowed less is named.
 */
class EnforcementHistoryTest {

  private static final int ROUNDS = 60;
  private static final int STEPS = 100;
  private static final int FLOWS = 60;

  private final RandomGenerator random = Seed.generator("enforcement");
  private final RandomCluster parts = new RandomCluster(random);

  /** One end's view of a flow, which policies of this node decide. */
  private record End(Flow flow, PolicyDirection direction) {
    IpAddress local() {
      return direction == PolicyDirection.INGRESS ? flow.destination() : flow.source();
    }

    IpAddress other() {
      return direction == PolicyDirection.INGRESS ? flow.source() : flow.destination();
    }
  }

  /** The two that learn of the same changes. */
  private record Twins(Enforcement enforcement, NaiveState naive) {

    Object pod(ObjectKey key, @Nullable PodRecord pod) {
      enforcement.pod(key, pod);
      naive.pod(key, pod);
      return key + "=" + pod;
    }

    Object namespace(String name, @Nullable NamespaceRecord namespace) {
      enforcement.namespace(name, namespace);
      naive.namespace(name, namespace);
      return name + "=" + namespace;
    }

    Object policy(ObjectKey key, @Nullable NetworkPolicyRecord policy) {
      enforcement.policy(key, policy);
      naive.policy(key, policy);
      return key + "=" + policy;
    }

    Object attach(PodAttachment attachment) {
      enforcement.attach(attachment);
      naive.attach(attachment);
      return attachment;
    }

    Object detach(String id) {
      enforcement.detach(id);
      naive.detach(id);
      return id + " detached";
    }
  }

  @Test
  @DisplayName("random histories (faults 8, faults 26, policy 5)")
  void everyHistoryEndsLikeAFreshLook() {
    for (int round = 0; round < ROUNDS; round++) {
      boolean complete = random.nextInt(3) == 0;
      Twins twins = new Twins(new Enforcement("here", complete), new NaiveState("here", complete));
      Mirror mirror = new Mirror();
      List<Flow> flows = Stream.generate(parts::flow).limit(FLOWS).distinct().toList();
      Map<End, Boolean> before = Map.of();
      for (int step = 0; step < STEPS; step++) {
        List<Object> done = new ArrayList<>();
        int changes = 1 + (random.nextInt(3) == 0 ? random.nextInt(8) : 0);
        for (int i = 0; i < changes; i++) {
          done.add(change(twins));
        }
        EnforcementChange told = twins.enforcement.take();
        mirror.apply(told, twins.enforcement);
        mirror.equalsState(twins.naive);
        readsEqual(twins);
        Map<End, Boolean> after = verdicts(twins, flows);
        before.forEach((end, wasAllowed) -> {
          if (wasAllowed && !after.getOrDefault(end, false)) {
            assertThat(
                    told.narrowed().contains(end.local()) || told.departed().contains(end.other()))
                .as("%s is judged again after %s: %s", end, done, told)
                .isTrue();
          }
        });
        before = after;
        assertThat(twins.enforcement.take().isEmpty()).isTrue();
      }
    }
  }

  /** Changes something, and tells what. */
  private Object change(Twins twins) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> {
        ObjectKey key = parts.pod();
        yield twins.pod(key, parts.pod(key));
      }
      case 3, 4 -> twins.pod(parts.pod(), null);
      case 5 -> {
        PodRecord pod = twins.naive.pod(parts.address());
        yield pod == null ? "" : twins.pod(pod.key(), parts.relabelled(pod));
      }
      case 6 -> {
        String name = parts.namespace();
        yield twins.namespace(name, random.nextInt(3) == 0 ? null : parts.namespace(name));
      }
      case 7, 8 -> {
        ObjectKey key = parts.policy();
        yield twins.policy(key, random.nextInt(4) == 0 ? null : parts.policy(key));
      }
      case 9 -> {
        List<NetworkPolicyRecord> known = List.copyOf(twins.naive.policies(parts.namespace()));
        if (known.isEmpty()) {
          yield "";
        }
        NetworkPolicyRecord policy = parts.variant(known.get(random.nextInt(known.size())));
        yield twins.policy(policy.key(), policy);
      }
      case 10 -> twins.attach(parts.attachment());
      default -> twins.detach(parts.attachment().id());
    };
  }

  private static void readsEqual(Twins twins) {
    Enforcement enforcement = twins.enforcement;
    NaiveState naive = twins.naive;
    assertThat(enforcement.addresses()).isEqualTo(naive.subjects().keySet());
    assertThat(enforcement.policies()).isEqualTo(naive.activePolicies());
    assertThat(enforcement.selectors()).isEqualTo(naive.members().keySet());
    naive
        .members()
        .forEach((selector, is) -> assertThat(enforcement.members(selector)).isEqualTo(is));
    assertThat(enforcement.portNames()).isEqualTo(naive.ports().keySet());
    naive.ports().forEach((name, is) -> assertThat(enforcement.members(name)).isEqualTo(is));
    for (int i = 0; i < 6; i++) {
      assertThat(enforcement.isAdmitted("i" + i)).isEqualTo(naive.isAdmitted("i" + i));
    }
  }

  /** What happens to flows at those of their ends that are let in on this node. */
  private Map<End, Boolean> verdicts(Twins twins, List<Flow> flows) {
    NodeVerdict node = new NodeVerdict(twins.enforcement);
    PolicyEvaluator evaluator = new PolicyEvaluator(twins.naive);
    PolicyEvaluator onIndexes = new PolicyEvaluator(twins.enforcement);
    Map<End, Boolean> verdicts = new HashMap<>();
    for (Flow flow : flows) {
      Decision decision = evaluator.evaluate(flow);
      assertThat(onIndexes.evaluate(flow)).isEqualTo(decision);
      for (End end :
          List.of(new End(flow, PolicyDirection.EGRESS), new End(flow, PolicyDirection.INGRESS))) {
        if (twins.enforcement.subject(end.local()) != null) {
          boolean expected =
              (end.direction == PolicyDirection.EGRESS ? decision.egress() : decision.ingress())
                  .isAllowed();
          assertThat(node.isAllowed(flow, end.direction)).as("%s", end).isEqualTo(expected);
          verdicts.put(end, expected);
        }
      }
    }
    return verdicts;
  }
}
