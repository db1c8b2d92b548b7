package io.fairlead.agent.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.agent.server.Reply;
import io.fairlead.agent.server.Request;
import io.fairlead.agent.server.Route;
import io.fairlead.agent.server.SimulationReport;
import io.fairlead.agent.server.VerifyReport;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ServiceRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of the reconciling thread, with an imitation of what it keeps. */
class VerifierTest {

  private static final Difference GONE = Difference.missing("table main", "10.244.2.0/24");
  private static final Difference PASSING = Difference.extra("map m", "about to go");

  /** Something in a kernel of which others take a part away. */
  private static final class Kept implements Subsystem, Simulated {

    private final CountDownLatch applied = new CountDownLatch(1);
    private List<Difference> drift = List.of();
    private @Nullable IOException problem;
    private int looks;

    @Override
    public String name() {
      return "kept";
    }

    @Override
    public void apply(ClusterView view, DirtyKeys dirty) {
      applied.countDown();
    }

    @Override
    public void audit(ClusterView view) {
      drift = List.of();
    }

    @Override
    public boolean reconfigure(AgentConfiguration configuration) {
      return false;
    }

    @Override
    public Map<String, String> status() {
      return Map.of();
    }

    @Override
    public Comparison verify(ClusterView view) throws IOException {
      if (problem != null) {
        throw problem;
      }
      List<Difference> found = drift;
      drift = drift.stream().filter(one -> !one.equals(PASSING)).toList();
      looks++;
      return new Comparison(new TreeMap<>(Map.of("routes", 3)), found);
    }

    @Override
    public Simulation simulate(ClusterView then) {
      Comparison.Builder result = new Comparison.Builder();
      result.add(GONE);
      for (ServiceRecord service : then.services()) {
        result.add(Difference.missing("services", service.key().toString()));
      }
      return new Simulation(result.build(), List.of(), List.of(), "");
    }
  }

  private final Kept kept = new Kept();
  private final ReconcileLoop loop =
      new ReconcileLoop(
          TimeUnit.HOURS.toNanos(1), System::nanoTime, new SplittableRandom(1), (_, _, _) -> {});
  private final Verifier verifier = new Verifier(loop, List.of(kept), List::of);

  @BeforeEach
  void start() {
    loop.drive(List.of(kept));
    loop.start();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private void sync() throws InterruptedException {
    loop.accept(new ObjectChange.Synced());
    assertThat(kept.applied.await(20, TimeUnit.SECONDS)).isTrue();
    loop.ask(_ -> true).join();
  }

  private static Reply answer(@Nullable Route route, Request request) throws Exception {
    var stage =
        switch (Objects.requireNonNull(route)) {
          case Route.Eventual(var answer) -> answer.apply(request);
          case Route.Posted(var answer) -> answer.apply(request);
          default -> throw new AssertionError(route);
        };
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RefusedException refused ? refused : e;
    }
  }

  private VerifyReport verify(Map<String, String> parameters) throws Exception {
    Route route = verifier.adminRoutes().get("/verify");
    return Json.parse(
        answer(route, new Request("/verify", parameters, "")).body(), VerifyReport.class);
  }

  private void drift(Difference... differences) {
    loop.ask(_ -> kept.drift = List.of(differences)).join();
  }

  @Test
  void beforeEverythingWasAppliedNothingCanBeTold() {
    assertThatThrownBy(() -> verify(Map.of()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("has not read the whole cluster yet");
  }

  @Test
  void whatIsRightIsLookedAtOnce() throws Exception {
    sync();
    VerifyReport report = verify(Map.of());
    assertThat(report.subsystems())
        .containsExactly(new VerifyReport.Part("kept", Map.of("routes", 3), List.of(), ""));
    assertThat(kept.looks).isEqualTo(1);
  }

  @Test
  void whatIsMendedMeanwhileIsNoDrift() throws Exception {
    sync();
    drift(GONE, PASSING);
    assertThat(verify(Map.of()).subsystems().getFirst().differences()).containsExactly(GONE);
    assertThat(kept.looks).isEqualTo(2);
  }

  @Test
  void aRepairTellsWhatWasAndWhatIs() throws Exception {
    sync();
    drift(GONE);
    Route route = verifier.adminRoutes().get("/verify/repair");
    VerifyReport.Repaired repaired =
        Json.parse(
            answer(route, new Request("/verify/repair", Map.of(), "")).body(),
            VerifyReport.Repaired.class);
    assertThat(repaired.before().hasDrift()).isTrue();
    assertThat(repaired.after().hasDrift()).isFalse();
  }

  @Test
  void aSubsystemThatCannotTellSaysWhy() throws Exception {
    sync();
    loop.ask(_ -> kept.problem = new IOException("the kernel refuses")).join();
    VerifyReport report = verify(Map.of());
    assertThat(report.subsystems().getFirst().problem()).isEqualTo("the kernel refuses");
    assertThat(report.hasProblems()).isTrue();
    assertThat(report.hasDrift()).isFalse();
  }

  @Test
  void anUnknownNameIsRefused() throws Exception {
    sync();
    assertThatThrownBy(() -> verify(Map.of("only", "kpet")))
        .isInstanceOf(RefusedException.class)
        .hasMessage("There is no subsystem \"kpet\" to verify. There are kept");
    assertThat(verify(Map.of("only", "kept")).subsystems()).hasSize(1);
  }

  private SimulationReport simulate(Map<String, String> parameters, String body) throws Exception {
    Route route = new Simulator(loop, List.of(kept)).adminRoutes().get("/simulate");
    return Json.parse(
        answer(route, new Request("/simulate", parameters, body)).body(), SimulationReport.class);
  }

  @Test
  void onlyWhatObjectsChangeIsToldOfThem() throws Exception {
    sync();
    drift(GONE);
    String service =
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.10,"
            + " ports: [{port: 80}]}}";
    SimulationReport report = simulate(Map.of("name", "a.yaml"), service);
    assertThat(report.objects().getFirst().effect()).isEqualTo("added");
    assertThat(report.objects().getFirst().place()).isEqualTo("a.yaml:1");
    assertThat(report.subsystems().getFirst().changes())
        .containsExactly(new SimulationReport.Change("add", "services", "", "default/web"));
    assertThat(loop.ask(view -> view.services().size()).join()).isZero();

    SimulationReport deleted = simulate(Map.of("delete", "true"), service);
    assertThat(deleted.objects().getFirst().effect()).isEqualTo("unchanged");
    assertThat(deleted.subsystems().getFirst().changes()).isEmpty();
  }

  @Test
  void manifestsThatCannotBeReadAreRefused() throws Exception {
    sync();
    assertThatThrownBy(() -> simulate(Map.of("name", "a.yaml"), "kind: ["))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("a.yaml:1");
    assertThatThrownBy(
            () -> simulate(Map.of("name", "a.yaml"), "kind: Deployment\napiVersion: a/v1"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("has no object that fairlead handles");
  }
}
