//! Asks a server the rows, one after another.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::bucket::Bucket;
use super::case::{Before, Case, Exchange, Question};
use super::compare::{Answer, Difference, Kind, differences, error_code};
use super::document;
use super::finding::{Finding, Verdict};
use super::progress::Progress;
use super::server::Server;
use crate::exit::Fatal;

/// How long to wait between two looks at what is in force.
const PAUSE: Duration = Duration::from_millis(50);
/// A configuration that is read this often, other than before and the same each time, is in force,
/// even if it is not what was put.
const STABLE_READS: usize = 3;
/// So many rows without any answer end a run.
const MAX_SILENT: usize = 3;

/// Asks the rows. The bucket is removed in the end, also after an error and after a signal.
pub(crate) fn run<'c>(
    server: &Server,
    cases: &'c [Case],
    settle: Duration,
    stop: &Arc<AtomicBool>,
) -> Result<Vec<Finding<'c>>, Fatal> {
    let progress = Progress::new(cases.len());
    let mut run = Run {
        server,
        bucket: Bucket::make(server)?,
        settle,
        stop,
        state: Some(Before::None),
        silent: 0,
    };
    run.bucket.put_object()?;
    let mut findings = Vec::with_capacity(cases.len());
    for (index, case) in cases.iter().enumerate() {
        run.check_stop()?;
        progress.show(index, &case.name);
        if matches!(&case.question, Ok(question) if question.before == Before::Removed) {
            run.leave()?;
        }
        findings.push(run.ask(case)?);
    }
    run.check_stop()?;
    run.bucket.remove()?;
    Ok(findings)
}

struct Run<'s> {
    server: &'s Server,
    bucket: Bucket<'s>,
    settle: Duration,
    stop: &'s AtomicBool,
    /// What is in force; `None` if that is not known.
    state: Option<Before>,
    silent: usize,
}

impl Run<'_> {
    fn check_stop(&self) -> Result<(), Fatal> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Fatal(
                "stopped by a signal; the bucket of this run is removed".to_owned(),
            ));
        }
        Ok(())
    }

    fn ask<'c>(&mut self, case: &'c Case) -> Result<Finding<'c>, Fatal> {
        let question = match &case.question {
            Ok(question) => question,
            Err(reason) => {
                let reason = reason.clone();
                return Ok(Finding {
                    case,
                    answer: None,
                    verdict: Verdict::NotAskable { reason },
                });
            }
        };
        match self.exchange(case, question) {
            Ok(finding) => {
                self.silent = 0;
                Ok(finding)
            }
            Err(Fatal(why)) => {
                self.check_stop()?;
                self.silent = self.silent.saturating_add(1);
                if self.silent >= MAX_SILENT {
                    return Err(Fatal(format!("{why}; {MAX_SILENT} rows had no answer")));
                }
                self.state = None;
                Ok(Finding {
                    case,
                    answer: None,
                    verdict: Verdict::Differs {
                        differences: vec![Difference {
                            kind: Kind::Access,
                            aspect: "answer".to_owned(),
                            provider: "an answer".to_owned(),
                            server: why,
                        }],
                    },
                })
            }
        }
    }

    fn exchange<'c>(&mut self, case: &'c Case, question: &Question) -> Result<Finding<'c>, Fatal> {
        if let Some(verdict) = self.prepare(&question.before)? {
            return Ok(Finding {
                case,
                answer: None,
                verdict,
            });
        }
        let exchange = &question.exchange;
        let incoming = self.bucket.send(exchange)?;
        let about_cors = exchange.query.as_deref() == Some("cors");
        if about_cors && exchange.method != "GET" {
            self.state = None;
        }
        let provider = self.server.service.provider;
        let is_head = exchange.method == "HEAD";
        let differences = differences(provider, &case.expected, &incoming, is_head);
        let verdict = if differences.is_empty() {
            Verdict::Same
        } else {
            Verdict::Differs { differences }
        };
        Ok(Finding {
            case,
            answer: Some(Answer::of(&incoming)),
            verdict,
        })
    }

    /// Removes the bucket before the rows about one that is not there. If that fails, nothing more is
    /// asked.
    fn leave(&mut self) -> Result<(), Fatal> {
        if self.state != Some(Before::Removed) {
            self.bucket.remove()?;
            self.wait_until_removed()?;
            self.state = Some(Before::Removed);
        }
        Ok(())
    }

    /// Brings into force what a question wants; returns a verdict if the server refuses that.
    fn prepare(&mut self, before: &Before) -> Result<Option<Verdict>, Fatal> {
        if self.state.as_ref() == Some(before) {
            return Ok(None);
        }
        let exchange = match before {
            Before::Any | Before::Removed => return Ok(None),
            Before::None => Exchange::signed("DELETE", None, Some("cors")),
            Before::Rules(document) => Exchange::put_cors(document.clone()),
        };
        let old = self.read()?;
        let done = self.bucket.send(&exchange)?;
        if !(200..300).contains(&done.status) {
            self.state = None;
            return Ok(Some(Verdict::RefusedConfiguration {
                status: done.status,
                code: error_code(&done.body),
            }));
        }
        self.wait(before, old.as_deref())?;
        self.state = Some(before.clone());
        Ok(None)
    }

    /// What `GET ?cors` answers: a document, or none.
    fn read(&self) -> Result<Option<Vec<u8>>, Fatal> {
        let read = self
            .bucket
            .send(&Exchange::signed("GET", None, Some("cors")))?;
        Ok((read.status == 200 && !read.body_is_cut).then_some(read.body))
    }

    /// Waits until a change is in force, as far as `GET ?cors` shows, or until the time is over.
    fn wait(&self, before: &Before, old: Option<&[u8]>) -> Result<(), Fatal> {
        let provider = self.server.service.provider;
        let rules = |body: &[u8]| {
            let read = document::read(provider, body);
            read.map(|(rules, _)| document::comparable(&rules))
        };
        let wanted = match before {
            Before::Rules(document) => rules(document.as_bytes()),
            _ => None,
        };
        let (start, mut last, mut same) = (Instant::now(), None, 0usize);
        loop {
            let now = self.read()?;
            if now.as_deref().and_then(rules) == wanted {
                return Ok(());
            }
            same = if last.as_ref() == Some(&now) {
                same.saturating_add(1)
            } else {
                1
            };
            if now.as_deref() != old && same >= STABLE_READS || start.elapsed() >= self.settle {
                return Ok(());
            }
            last = Some(now);
            self.check_stop()?;
            thread::sleep(PAUSE);
        }
    }

    fn wait_until_removed(&self) -> Result<(), Fatal> {
        let start = Instant::now();
        while start.elapsed() < self.settle {
            let head = self.bucket.send(&Exchange::signed("HEAD", None, None))?;
            if head.status == 404 {
                break;
            }
            self.check_stop()?;
            thread::sleep(PAUSE);
        }
        Ok(())
    }
}
