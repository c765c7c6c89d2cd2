"""E-mail: plain text, and the same words as accessible HTML."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from takatuf.kernel.models import Message
from takatuf.kernel.outbox.providers import Refused, Unreachable

PERMANENT = range(500, 600)


def send_mail(message: Message) -> str:
    """Hand the message to the mail server; return its Message-ID.

    :raises Refused: if the server says this address or message is no good.
    :raises Unreachable: for anything that may pass.
    """
    mail = compose(message)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        kind = Refused if all(code in PERMANENT for code in codes) else Unreachable
        raise kind(f"The mail server answered {codes}.") from error
    except smtplib.SMTPAuthenticationError as error:
        # The operator's password, not this message: it will pass once it is mended.
        raise Unreachable(f"The mail server answered {error.smtp_code}.") from error
    except smtplib.SMTPResponseException as error:
        kind = Refused if error.smtp_code in PERMANENT else Unreachable
        raise kind(f"The mail server answered {error.smtp_code}.") from error
    except BadHeaderError as error:
        raise Refused("The message's headers are not one line each.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(f"The mail server could not be reached: {error}") from error
    return mail.extra_headers["Message-ID"]


def compose(message: Message) -> EmailMultiAlternatives:
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = sender.rpartition("@")[2] or "localhost"
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        to=[message.address],
        headers={
            "Message-ID": f"<{message.key}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
        },
    )
    with translation.override(message.language):
        html = render_to_string("kernel/mail.html", {"message": message})
    mail.attach_alternative(html, "text/html")
    return mail
