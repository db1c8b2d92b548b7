package io.fairlead.dataplane.policy.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.FakeConntrack;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionCutsTest {

  private static final IpAddress POD = IpAddress.parse("10.244.1.2");
  private static final IpAddress OTHER = IpAddress.parse("10.244.1.3");

  /** A table that fails as often as it is told to. */
  private static final class FaultyKernel implements ConntrackKernel {
    private final FakeConntrack table = new FakeConntrack();
    private final BlockingQueue<Exception> dumpFailures = new LinkedBlockingQueue<>();
    private final BlockingQueue<IOException> deleteFailures = new LinkedBlockingQueue<>();

    @Override
    public void dump(ConntrackFilter filter, Handler handler) throws IOException {
      switch (dumpFailures.poll()) {
        case null -> table.dump(filter, handler);
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Exception e -> throw new AssertionError(e);
      }
    }

    @Override
    public int delete(Collection<ConntrackEntry> entries) throws IOException {
      IOException failure = deleteFailures.poll();
      if (failure != null) {
        throw failure;
      }
      return table.delete(entries);
    }

    @Override
    public long count() {
      return table.count();
    }

    @Override
    public void close() {}
  }

  private record Question(Set<Flow> flows, CompletableFuture<Set<Flow>> answer) {}

  private final FaultyKernel kernel = new FaultyKernel();
  private final FakeAnswers answers = new FakeAnswers();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private ConnectionCuts start() {
    return ConnectionCuts.start(
        kernel,
        Set::of,
        flows -> {
          Question question = new Question(flows, new CompletableFuture<>());
          questions.add(question);
          return question.answer();
        },
        answers,
        () -> closed.set(true),
        new ConnectionCuts.Listener() {
          @Override
          public void passed(CutReport report) {
            told.add(report.addresses() + " judged " + report.judged() + " cut " + report.cut());
          }

          @Override
          public void failed(IOException cause) {
            told.add(String.valueOf(cause.getMessage()));
          }
        });
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T value = queue.poll(20, TimeUnit.SECONDS);
    assertThat(value).as("within 20 s").isNotNull();
    return value;
  }

  private void answer(boolean denied) throws InterruptedException {
    Question question = next(questions);
    question.answer().complete(denied ? question.flows() : Set.of());
  }

  private void add() {
    kernel.table.add(Entries.tcp(OTHER.toString(), 40000, POD.toString(), 80));
  }

  @Test
  @DisplayName("what arrives during a pass is one next pass, with each address once")
  void collapses() throws Exception {
    add();
    ConnectionCuts cuts = start();
    cuts.judgeAgain(Set.of());
    cuts.judgeAgain(Set.of(POD));
    Question asked = next(questions);
    for (int i = 0; i < 1000; i++) {
      cuts.judgeAgain(List.of(POD));
      cuts.judgeAgain(List.of(OTHER));
    }
    assertThat(cuts.waiting()).isEqualTo(2);
    asked.answer().complete(Set.of());
    assertThat(next(told)).isEqualTo("1 judged 1 cut 0");
    answer(true);
    assertThat(next(told)).isEqualTo("2 judged 1 cut 1");
    assertThat(kernel.count()).isZero();
    cuts.close();
    assertThat(closed).isTrue();
    assertThat(questions).isEmpty();
  }

  @Test
  @DisplayName("what fails is tried again until it is done, whoever failed")
  void failures() throws Exception {
    add();
    kernel.dumpFailures.add(new NetlinkException("list", Errno.EINTR, "", -1, 1));
    kernel.dumpFailures.add(new IllegalStateException("a bug"));
    kernel.deleteFailures.add(new NetlinkException("delete", Errno.ENOBUFS, "", -1, 2));
    ConnectionCuts cuts = start();
    cuts.judgeAgain(Set.of(POD, OTHER));
    assertThat(next(told)).startsWith("list: ");
    assertThat(next(told)).contains("unexpectedly", "a bug");
    next(questions).answer().completeExceptionally(new IllegalStateException("too late"));
    assertThat(next(told)).contains("could not be judged", "too late");
    answer(true);
    assertThat(next(told)).startsWith("delete: ");
    assertThat(kernel.count()).isEqualTo(1);
    answer(true);
    assertThat(next(told)).isEqualTo("2 judged 1 cut 1");
    assertThat(cuts.waiting()).isZero();
    cuts.close();
  }

  @Test
  @DisplayName("what is refused is judged again when something is allowed, also after a restart")
  void allowedAgain() throws Exception {
    answers.refuse(List.of(Entries.plain(17, OTHER.toString(), 40000, POD.toString(), 53).reply()));
    ConnectionCuts cuts = start();
    cuts.allowAgain();
    answer(true);
    cuts.allowAgain();
    Question asked = next(questions);
    assertThat(answers.refused).hasSize(1);
    asked.answer().completeExceptionally(new IllegalStateException("too late"));
    assertThat(next(told)).contains("could not be judged");
    answer(false);
    add();
    cuts.judgeAgain(Set.of(POD));
    answer(true);
    assertThat(next(told)).isEqualTo("1 judged 1 cut 1");
    assertThat(answers.refused).hasSize(1).allMatch(answer -> answer.protocol() == 6);
    cuts.close();
  }

  @Test
  @DisplayName("it ends while nothing waits, while a repetition does, and while nobody judges")
  void ends() throws Exception {
    start().close();
    assertThat(closed).isTrue();
    add();
    kernel.dumpFailures.add(new NetlinkException("list", Errno.EINTR, "", -1, 1));
    ConnectionCuts repeating = start();
    repeating.judgeAgain(Set.of(POD));
    assertThat(next(told)).startsWith("list: ");
    repeating.close();
    closed.set(false);
    ConnectionCuts judging = start();
    judging.judgeAgain(Set.of(POD));
    next(questions);
    judging.close();
    assertThat(closed).isTrue();
    assertThat(told).as("an end is no failure").isEmpty();
    assertThat(kernel.count()).isEqualTo(1);
  }
}
