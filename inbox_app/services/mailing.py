"""Sending one mail as the installation is set up, in the outbox's terms."""

from inbox_app.integrations.mail import Mailer, NotSent, SmtpMailer
from inbox_app.integrations.mail_message import Mail
from inbox_app.services.outgoing import Never, NotNow
from inbox_app.settings import get_settings


def is_configured() -> bool:
    """Whether mails can go out at all."""
    return get_settings().smtp_url is not None


def mailer() -> Mailer:
    """As the installation is set up. Raises NotNow when it has none."""
    settings = get_settings()
    if settings.smtp_url is None:
        raise NotNow("not_set_up")
    return SmtpMailer(settings.smtp_url, settings.mail_from)


async def send(mail: Mail) -> None:
    """Raises NotNow or Never."""
    try:
        await mailer().send(mail)
    except NotSent as error:
        raise (Never if error.is_final else NotNow)(error.problem, error.detail) from error
